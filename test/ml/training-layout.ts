import {
  type Batch,
  columnBuilder,
  denseVectorColumn,
  f64Column,
  fromBlock,
  toBlock,
} from "../../src/columnar/index.js";
import { SparseVector } from "../../src/linalg/index.js";
import type { InstancesPayload } from "../../src/ml/base/instance-block.js";
import { instances } from "../../src/ml/base/instance-blocks.js";
import { type InstanceLayout, layoutOf } from "../../src/ml/base/instance-layout.js";
import { generator } from "../kernels/arena.js";
import { taskContext } from "./base/task-context.js";

export interface Problem {
  readonly rows: number;
  readonly size: number;
  readonly form: "dense" | "csr";
  readonly classes: number;
}

/** Rows of a classification problem in batches of `batchRows`: features, label, weight. */
export function batchesOf({ rows, size, form, classes }: Problem, batchRows: number): Batch[] {
  const random = generator(11);
  const values = Float64Array.from({ length: rows * size }, (_, i) =>
    form === "csr" && i % 7 > 1 ? 0 : random() + ((i / size) % 3),
  );
  const labels = Float64Array.from(
    { length: rows },
    (_, i) => Math.floor(random() * classes + (values[i * size] > 2 ? 0.4 : 0)) % classes,
  );
  const weights = Float64Array.from({ length: rows }, () => 0.5 + random());
  const batches: Batch[] = [];
  for (let start = 0; start < rows; start += batchRows) {
    const end = Math.min(rows, start + batchRows);
    const builder = columnBuilder("vector");
    for (let i = start; form === "csr" && i < end; i++) {
      const indices = Array.from({ length: size }, (_, j) => j).filter((j) => values[i * size + j] !== 0);
      builder.append(
        new SparseVector(
          size,
          indices,
          indices.map((j) => values[i * size + j]),
        ),
      );
    }
    const dense = () => denseVectorColumn(values.slice(start * size, end * size), size, end - start);
    const features = form === "csr" ? builder.finish() : dense();
    const columns = [features, f64Column(labels.slice(start, end)), f64Column(weights.slice(start, end))];
    batches.push({ numRows: end - start, columns });
  }
  return batches;
}

/** The same rows as they lie in one cached block, from which training adopts them in place. */
export function cachedBatches(problem: Problem, batchRows: number): Batch[] {
  const [whole] = batchesOf(problem, problem.rows);
  const { columns } = fromBlock(toBlock(whole, true));
  return batchesOf(problem, batchRows).map(({ numRows }, batch) => {
    const start = batch * batchRows;
    const size = problem.size;
    const [features, ...scalars] = columns as readonly { readonly values: Float64Array }[];
    return {
      numRows,
      columns: [
        denseVectorColumn(features.values.subarray(start * size, (start + numRows) * size), size, numRows),
        ...scalars.map(({ values }) => f64Column(values.subarray(start, start + numRows))),
      ],
    };
  });
}

/** Lays batches out with room for `budget` bytes in memory; what does not fit becomes images in `directory`. */
export async function trainingLayout(
  batches: readonly Batch[],
  budget: number,
  directory: string,
  options: { readonly blockBytes?: number; readonly classes?: number } = {},
): Promise<InstanceLayout> {
  const payload: InstancesPayload = {
    label: options.classes ? "classification" : "regression",
    weight: true,
    extra: 0,
    form: "auto",
    allowNonFinite: false,
    blockBytes: options.blockBytes ?? 64 * 1024,
  };
  async function* all(): AsyncGenerator<Batch> {
    yield* batches;
  }
  const laidOut = () => instances.run(payload, all(), taskContext(budget, directory));
  return layoutOf(await laidOut(), { release: () => undefined, refresh: laidOut });
}
