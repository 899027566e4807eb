import { IllegalArgumentException } from "../../common/index.js";
import type { PassBlock, PassRequest, PassUnit } from "../../exec/index.js";
import { isFile, isResident } from "../../memory/index.js";
import type { InstanceBlock, LaidOutBlock } from "./instance-block.js";

/** A block of training data as passes take it: in memory, in a file, or with another executor. */
export type InstancePassBlock = PassBlock & { readonly info: InstanceBlock };

/** Training data laid out once, in the row order of the data frame. */
export interface InstanceLayout {
  /** Give these to `openPasses`; `info` says where the block's columns lie. */
  readonly blocks: readonly InstancePassBlock[];
  readonly numRows: number;
  /** Length of the feature vectors; -1 when there is no row. */
  readonly numFeatures: number;
  /** Cuts the blocks into about `n` row ranges of equal work, at least one a block; the cuts do not depend on where blocks lie. */
  units(n: number): PassUnit[];
  /** What every request for passes over the layout contains: its blocks, how lost ones come back, when to give up. */
  readonly passes: Pick<PassRequest<never>, "blocks" | "signal" | "refresh">;
  /** Lets go of the memory, unless a sweep still shares it. Call it in `finally`. */
  release(): void;
}

/** What keeps a layout's blocks. */
export interface LayoutSource {
  readonly signal?: AbortSignal;
  /** The blocks again, in the same order, after lost ones were computed anew. */
  refresh?(): Promise<readonly LaidOutBlock[]>;
  release(): void;
}

function passBlock({ block, info }: LaidOutBlock): InstancePassBlock {
  if (isFile(block)) return { file: block.file, info };
  if (!isResident(block)) return { remote: block.remote, info };
  if (!block.memory) throw new Error("training data lies in a block on which no kernel can run");
  return { memory: block.memory, info };
}

/** The layout of blocks that follow each other in row order. */
export function layoutOf(laidOut: readonly LaidOutBlock[], source: LayoutSource): InstanceLayout {
  const numFeatures = laidOut[0]?.info.numFeatures ?? -1;
  const other = laidOut.find(({ info }) => info.numFeatures !== numFeatures);
  if (other) {
    source.release();
    throw new IllegalArgumentException(
      `requirement failed: Dimensions mismatch when merging with another summarizer. Expecting ${numFeatures} but got ${other.info.numFeatures}.`,
    );
  }
  const { signal, refresh } = source;
  let blocks: readonly InstancePassBlock[] = laidOut.map(passBlock);
  const refreshed = async (): Promise<readonly InstancePassBlock[]> => {
    blocks = (await refresh!()).map(passBlock);
    return blocks;
  };
  return {
    get blocks() {
      return blocks;
    },
    numRows: laidOut.reduce((sum, { info }) => sum + info.rows, 0),
    numFeatures,
    units: (n) => cutRows(blocks, n),
    get passes() {
      return { blocks, ...(signal ? { signal } : {}), ...(refresh ? { refresh: refreshed } : {}) };
    },
    release: () => {
      blocks = [];
      source.release();
    },
  };
}

/** A unit with fewer stored values than this costs more to hand out than to work through. */
const LEAST_WORK = 16_384;

/** Row ranges of about equal numbers of stored values. */
function cutRows(blocks: readonly InstancePassBlock[], n: number): PassUnit[] {
  const total = blocks.reduce((sum, { info }) => sum + info.nnz + info.rows, 0);
  const units: PassUnit[] = [];
  blocks.forEach(({ info }, block) => {
    for (let from = 0; from < info.rows; from += info.unitRows) {
      const rows = Math.min(info.unitRows, info.rows - from);
      const work = ((info.nnz + info.rows) * rows) / info.rows;
      const wanted = Math.min(rows, Math.round((n * work) / total), Math.floor(work / LEAST_WORK));
      const parts = Math.max(1, wanted);
      for (let part = 0; part < parts; part++) {
        const start = from + Math.floor((rows * part) / parts);
        units.push({ block, start, end: from + Math.floor((rows * (part + 1)) / parts) });
      }
    }
  });
  return units;
}
