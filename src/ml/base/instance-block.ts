import type { Block } from "../../memory/index.js";
import type { LabelRule } from "./row-checks.js";

/** The stored values of one row of features, and its label (0 when none was asked for). */
export interface FirstRow {
  /** Undefined: all features are there, in order. */
  readonly indices: Int32Array | undefined;
  readonly values: Float64Array;
  readonly label: number;
}

/**
 * Where the training rows of one block lie in its memory (byte addresses; 0 = the column was not asked for).
 * dense: `values` is f64[rows * numFeatures], row-major. csr: `offsets` i32[rows + 1], `indices` i32[nnz], `values` f64[nnz].
 */
export interface InstanceBlock {
  readonly form: "dense" | "csr";
  /** Partition the rows come from; blocks of one partition follow each other in row order. */
  readonly partition: number;
  readonly rows: number;
  /** Units end at least after every so many rows, so that sums do not depend on where blocks end. */
  readonly unitRows: number;
  readonly numFeatures: number;
  readonly nnz: number;
  readonly values: number;
  readonly offsets: number;
  readonly indices: number;
  /** f64[rows] each. */
  readonly label: number;
  readonly weight: number;
  readonly extra: readonly number[];
  /** Largest label of the block, -Infinity without labels. */
  readonly largestLabel: number;
  readonly first: FirstRow;
}

/** What `ml.instances` is told; the columns are features, then label, weight and extra columns as far as present. */
export interface InstancesPayload {
  readonly label: LabelRule | undefined;
  readonly weight: boolean;
  readonly extra: number;
  readonly form: "auto" | "dense" | "csr";
  readonly allowNonFinite: boolean;
  /** Bytes of feature values in a block at most; 0 chooses. */
  readonly blockBytes: number;
}

/** A block and what lies in it; the block is resident, in a file (an image) or with another executor. */
export interface LaidOutBlock {
  readonly block: Block;
  readonly info: InstanceBlock;
}

/** Bytes of feature values in a block: a pass thread's buffer for file blocks is about as large. */
const BLOCK_BYTES = 8 * 2 ** 20;
const MOST_BLOCK_BYTES = 256 * 2 ** 20;

/** The same for rows of `size` features, where wide rows make larger blocks: their gradients must not outweigh them. */
export const blockBytesFor = (size: number, { blockBytes }: Pick<InstancesPayload, "blockBytes">): number =>
  Math.min(MOST_BLOCK_BYTES, blockBytes || Math.max(BLOCK_BYTES, 32 * 8 * size));

/** Dense rows of `size` features in one block. */
export const denseRowsFor = (size: number, payload: Pick<InstancesPayload, "blockBytes">): number =>
  Math.max(1, Math.floor(blockBytesFor(size, payload) / (8 * Math.max(1, size))));

type Placed = Omit<InstanceBlock, "label" | "weight" | "extra" | "largestLabel" | "first"> & {
  readonly scalars: readonly number[];
};

/** The description of a block whose bytes lie in `buffer`, from address `base` on. */
export function blockInfo(
  buffer: ArrayBufferLike,
  base: number,
  { scalars, ...placed }: Placed,
  wanted: { readonly label: unknown; readonly weight: boolean },
): InstanceBlock {
  let next = 0;
  const label = wanted.label ? scalars[next++] : 0;
  const weight = wanted.weight ? scalars[next++] : 0;
  const labels = label ? new Float64Array(buffer, label - base, placed.rows) : new Float64Array(0);
  let largestLabel = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < labels.length; i++) if (labels[i] > largestLabel) largestLabel = labels[i];
  const dense = placed.form === "dense";
  const stored = dense ? placed.numFeatures : new Int32Array(buffer, placed.offsets - base, 2)[1];
  const first: FirstRow = {
    indices: dense ? undefined : new Int32Array(buffer, placed.indices - base, stored).slice(),
    values: new Float64Array(buffer, placed.values - base, stored).slice(),
    label: labels[0] ?? 0,
  };
  return { ...placed, label, weight, extra: scalars.slice(next), largestLabel, first };
}
