import { definePassKernel, type Passes, type PassRequest } from "../../exec/index.js";
import { gramColumnsLength, gramPanels, gramTileBytes } from "../../kernels/gram/index.js";
import type { InstanceLayout } from "../base/index.js";
import { blas } from "../../linalg/index.js";
import type { MomentSums } from "../optim/index.js";
import { doublesAt, unitRows } from "./block-addresses.js";

/** Panels of four columns that one pass adds up; wide matrices take several passes, so that memory stays bounded. */
interface Stripe {
  readonly first: number;
  readonly last: number;
  readonly from: number;
  readonly to: number;
}
export interface GramPassConfig {
  readonly numFeatures: number;
  readonly stripes: readonly Stripe[];
  readonly packBytes: number;
  readonly tileBytes: number;
}

const STRIPE_DOUBLES = 1 << 19;
/** The same for the outputs of all units together. */
const OUTPUT_DOUBLES = 1 << 24;
const stripeLength = ({ from, to }: Stripe): number => gramColumnsLength(from, to);
const largest = (values: readonly number[]): number => Math.max(0, ...values);

/**
 * Weighted second-order moments of [features, label, 1] about a shift of features and label, the input; `op` is the number
 * of the stripe. The shift must be zero where blocks are sparse.
 */
export const gramPass = definePassKernel<GramPassConfig>({
  name: "ml.linear.gram",
  open: (worker) => {
    const { numFeatures: d, stripes, packBytes, tileBytes } = worker.config;
    return (index, op) => {
      const { block, memory, kernels, dense, csr } = unitRows(worker, index);
      const stripe = stripes[op];
      const length = stripeLength(stripe);
      const shift = worker.scratch(index);
      const pack = shift + 8 * (d + 1);
      const tiles = pack + packBytes;
      const out = tiles + tileBytes;
      doublesAt(memory, shift, d + 1).set(worker.input);
      if (block.form === "dense") {
        const used = gramTileBytes(d, stripe.last - stripe.first);
        doublesAt(memory, tiles, used / 8).fill(0);
        kernels.gram_dense(...dense, d, shift, stripe.first, stripe.last, pack, tiles);
        kernels.gram_unpack(tiles, d, stripe.first, stripe.last, out);
      } else {
        doublesAt(memory, out, length).fill(0);
        kernels.gram_csr(...csr, d, stripe.from, stripe.to, out);
      }
      worker
        .output(index)
        .fill(0)
        .set(doublesAt(memory, out, length));
    };
  },
});

function cutStripes(d: number, numUnits: number): Stripe[] {
  const panels = gramPanels(d);
  const most = Math.min(STRIPE_DOUBLES, OUTPUT_DOUBLES / Math.max(1, numUnits));
  const stripes: Stripe[] = [];
  for (let first = 0; first < panels;) {
    let last = first + 1;
    const columns = (end: number): number => Math.min(4 * end, d + 2);
    while (last < panels && gramColumnsLength(4 * first, columns(last + 1)) <= most) last++;
    stripes.push({ first, last, from: 4 * first, to: columns(last) });
    first = last;
  }
  return stripes;
}

/** The first row, so that constant columns become exactly zero; zero when some rows are sparse. */
function shiftOf({ blocks, numFeatures: d }: InstanceLayout): Float64Array {
  const shift = new Float64Array(d + 1);
  if (blocks.length === 0 || blocks.some(({ info }) => info.form !== "dense")) return shift;
  const { values, label } = blocks[0].info.first;
  shift.set(values);
  shift[d] = label;
  return shift;
}

/** Sums for the normal equations, in one pass over the data (several for more than a thousand features). */
export async function gramSums(
  layout: InstanceLayout,
  open: (request: PassRequest<GramPassConfig>) => Passes,
  threads: number,
): Promise<MomentSums> {
  const d = layout.numFeatures;
  const units = layout.units(d > 256 ? threads : 4 * threads);
  const stripes = cutStripes(d, units.length);
  // 2 x panels x 64 rows x 4 doubles: see `gram_scratch_bytes`.
  const packBytes = 2 * gramPanels(d) * 64 * 32;
  const tileBytes = largest(stripes.map(({ first, last }) => gramTileBytes(d, last - first)));
  const outputLength = largest(stripes.map(stripeLength));
  const passes = open({
    kernel: gramPass.name,
    config: { numFeatures: d, stripes, packBytes, tileBytes },
    ...layout.passes,
    units,
    inputLength: d + 1,
    outputLength,
    scratchBytes: 8 * (d + 1) + packBytes + tileBytes + 8 * outputLength,
  });
  try {
    const shift = shiftOf(layout);
    passes.input.set(shift);
    const packed = new Float64Array(blas.packedLength(d + 2));
    for (const [op, stripe] of stripes.entries()) {
      await passes.run(op);
      packed.set(passes.sum().subarray(0, stripeLength(stripe)), blas.packedLength(stripe.from));
    }
    const label = blas.packedLength(d);
    const one = blas.packedLength(d + 1);
    return {
      numFeatures: d,
      count: layout.numRows,
      shift: shift.subarray(0, d),
      labelShift: shift[d],
      w: packed[one + d + 1],
      b: packed[one + d],
      bb: packed[label + d],
      a: packed.slice(one, one + d),
      ab: packed.slice(label, label + d),
      aa: packed.slice(0, label),
    };
  } finally {
    passes.close();
  }
}
