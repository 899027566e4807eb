import { IllegalArgumentException } from "../../common/index.js";
import type { PassBlock, PassUnit } from "../../exec/index.js";
import { type DataFrame, F } from "../../sql/api/index.js";
import { type InstanceBlock, instances, type InstancesPayload, type LaidOutBlock } from "./instance-blocks.js";
import type { LabelRule } from "./row-checks.js";

export interface InstancesRequest {
  /** Vector column, or array of double or float. */
  readonly features: string;
  readonly label?: { readonly column: string; readonly rule: LabelRule };
  /** Weight column; undefined or "" gives no weights (every row counts 1). */
  readonly weight?: string | undefined;
  /** Further numeric columns, kept as f64 with NaN for null. */
  readonly extra?: readonly string[];
  /** Form of the rows; "auto" takes CSR for rows that are sparse, block by block. */
  readonly form?: "auto" | "dense" | "csr";
  readonly allowNonFinite?: boolean;
}

/** Training data laid out once in shared memory, in the row order of the data frame. */
export interface InstanceLayout {
  /** Give these to `openPasses`; `info` says where the block's columns lie. */
  readonly blocks: readonly (PassBlock & { readonly info: InstanceBlock })[];
  readonly numRows: number;
  /** Length of the feature vectors; -1 when there is no row. */
  readonly numFeatures: number;
  /** Cuts the blocks into about `n` row ranges of equal work, at least one a block. */
  units(n: number): PassUnit[];
  /** Lets go of the memory, unless a sweep still shares it. Call it in `finally`. */
  release(): void;
}

/** Layouts that a running sweep shares: by data frame, then by request. */
const shared = new WeakMap<DataFrame, Map<string, Promise<InstanceLayout>>>();

/**
 * Until the returned function is called, all fits on this very data frame share their layouts
 * (settings of a fold train on the same rows); afterwards the memory is let go.
 */
export function shareInstances(df: DataFrame): () => void {
  shared.set(df, new Map());
  return () => void shared.delete(df);
}

/** Lays the training data of a fit out in kernel blocks; rows are checked as Spark checks them. */
export function layoutInstances(df: DataFrame, request: InstancesRequest): Promise<InstanceLayout> {
  const sweep = shared.get(df);
  if (!sweep) return layOut(df, request);
  const key = JSON.stringify(request);
  const known = sweep.get(key);
  if (known) return known;
  // The sweep lets go of the layout, not the fit that happened to ask first.
  const layout = layOut(df, request).then((own) => ({ ...own, release: () => undefined }));
  sweep.set(key, layout);
  return layout;
}

const quoted = (column: string): string => `\`${column.replaceAll("`", "``")}\``;

async function layOut(df: DataFrame, request: InstancesRequest): Promise<InstanceLayout> {
  const { features, label, weight, extra = [], form = "auto", allowNonFinite = false } = request;
  const scalars = [label?.column, weight || undefined, ...extra].filter((column) => column !== undefined);
  const columns = [F.col(quoted(features)), ...scalars.map((column) => F.col(quoted(column)).cast("double"))];
  const payload: InstancesPayload = {
    label: label?.rule,
    weight: Boolean(weight),
    extra: extra.length,
    form,
    allowNonFinite,
  };
  const partitions = await df.select(...columns).runPartitions<LaidOutBlock[]>(instances.name, payload);
  return layoutOf(partitions.flat());
}

function layoutOf(blocks: readonly LaidOutBlock[]): InstanceLayout {
  const numFeatures = blocks[0]?.info.numFeatures ?? -1;
  const other = blocks.find((block) => block.info.numFeatures !== numFeatures);
  if (other) {
    throw new IllegalArgumentException(
      `requirement failed: Dimensions mismatch when merging with another summarizer. Expecting ${numFeatures} but got ${other.info.numFeatures}.`,
    );
  }
  const numRows = blocks.reduce((sum, block) => sum + block.info.rows, 0);
  let held: readonly LaidOutBlock[] = blocks;
  return {
    get blocks() {
      return held;
    },
    numRows,
    numFeatures,
    units: (n) => cutRows(held, n),
    release: () => {
      held = [];
    },
  };
}

/** A unit with fewer stored values than this costs more to hand out than to work through. */
const LEAST_WORK = 16_384;

/** Row ranges of about equal numbers of stored values. */
function cutRows(blocks: readonly LaidOutBlock[], n: number): PassUnit[] {
  const work = (block: LaidOutBlock): number => block.info.nnz + block.info.rows;
  const total = blocks.reduce((sum, block) => sum + work(block), 0);
  return blocks.flatMap((block, index) => {
    const { rows } = block.info;
    const parts = Math.max(
      1,
      Math.min(rows, Math.round((n * work(block)) / total), Math.floor(work(block) / LEAST_WORK)),
    );
    return Array.from({ length: parts }, (_, part) => ({
      block: index,
      start: Math.floor((rows * part) / parts),
      end: Math.floor((rows * (part + 1)) / parts),
    }));
  });
}
