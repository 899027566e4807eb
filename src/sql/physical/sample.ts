import { gather, type Batch } from "../../columnar/index.js";
import { JavaRandom, PoissonSource, XORShiftRandom } from "../../common/index.js";
import { defineOperator, type Fragment } from "./fragment.js";

/** Bernoulli sampling of the draws in [lower, upper), or Poisson sampling with mean `upper - lower`, as Spark's SampleExec. */
export interface SampleFragment extends Fragment {
  readonly op: "sample";
  readonly input: Fragment;
  readonly lower: number;
  readonly upper: number;
  readonly withReplacement: boolean;
  readonly seed: bigint;
  /** Partition of the sampled input. */
  readonly partition: number;
}

defineOperator<SampleFragment>({
  op: "sample",
  async *open(fragment, context) {
    const select = fragment.withReplacement ? poisson(fragment) : bernoulli(fragment);
    for await (const batch of context.open(fragment.input)) {
      context.checkCancelled();
      const rows = select(batch.numRows);
      if (rows.length > 0) yield gatherBatch(batch, rows);
    }
  },
});

export const gatherBatch = (batch: Batch, rows: Int32Array): Batch =>
  rows.length === batch.numRows && isIdentity(rows)
    ? batch
    : { numRows: rows.length, columns: batch.columns.map((column) => gather(column, rows)) };

const isIdentity = (rows: Int32Array): boolean => {
  for (let i = 0; i < rows.length; i++) if (rows[i] !== i) return false;
  return true;
};

function bernoulli({ lower, upper, seed, partition }: SampleFragment): (numRows: number) => Int32Array {
  if (upper - lower <= 0) return () => new Int32Array(0);
  const random = new XORShiftRandom(BigInt.asIntN(64, seed + BigInt(partition)));
  return (numRows) => {
    const rows = new Int32Array(numRows);
    let kept = 0;
    for (let i = 0; i < numRows; i++) {
      const x = random.nextDouble();
      if (x >= lower && x < upper) rows[kept++] = i;
    }
    return rows.subarray(0, kept);
  };
}

function poisson({ lower, upper, seed, partition }: SampleFragment): (numRows: number) => Int32Array {
  const mean = upper - lower;
  if (mean <= 0) return () => new Int32Array(0);
  const seeds = new JavaRandom(seed);
  let own = seeds.nextLong();
  for (let i = 0; i < partition; i++) own = seeds.nextLong();
  const counts = new PoissonSource(mean, own);
  return (numRows) => {
    const rows: number[] = [];
    for (let i = 0; i < numRows; i++) for (let n = counts.next(); n > 0; n--) rows.push(i);
    return Int32Array.from(rows);
  };
}
