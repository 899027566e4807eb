import { fromBlock, type Batch } from "../../columnar/index.js";
import { blockBytes, isResident, type Block } from "../../memory/index.js";
import type { LocalData, LocalRelation, StoredBlock } from "../plan/index.js";
import { sliceBatch } from "./pieces.js";
import { attributeList } from "./describe.js";
import { physical, type PhysicalPlan } from "./execution.js";
import { defineOperator, type Fragment } from "./fragment.js";

/** A stretch of rows of a block. */
export interface BlockPiece {
  readonly block: Block;
  readonly start: number;
  readonly end: number;
}
export interface BlocksFragment extends Fragment {
  readonly op: "blocks";
  readonly pieces: readonly BlockPiece[];
  /** Columns of the blocks to produce; all of them when undefined. */
  readonly ordinals?: readonly number[];
}

/** Rows of a batch at most; a multiple of 8, so that slices of bitmaps are views. */
export const BATCH_ROWS = 32_768;

defineOperator<BlocksFragment>({
  op: "blocks",
  async *open({ pieces, ordinals }) {
    const resident = new Map<Block, Batch>();
    for (const { block, start, end } of pieces) {
      const all = resident.get(block) ?? fromBlock(block);
      if (isResident(block)) resident.set(block, all);
      const batch = ordinals ? { numRows: all.numRows, columns: ordinals.map((i) => all.columns[i]) } : all;
      yield* cut(batch, start, end);
    }
  },
});

/** Rows `start..end` in batches of at most `BATCH_ROWS`. */
export function* cut(batch: Batch, start = 0, end = batch.numRows): Generator<Batch> {
  for (let at = start; at < end;) {
    // The first cut ends on a multiple of 8 of the whole, so that every later one starts there.
    const next = Math.min(end, at - (at % 8) + BATCH_ROWS);
    yield sliceBatch(batch, at, next);
    at = next;
  }
}

/** Rows that lie in blocks: local data, cached data, results of a stage. */
export const blocksFragment = (blocks: readonly StoredBlock[], ordinals?: readonly number[]): BlocksFragment => ({
  op: "blocks",
  pieces: blocks.map(({ block, numRows }) => ({ block, start: 0, end: numRows })),
  ...(ordinals ? { ordinals } : {}),
});

export const bytesOf = (data: LocalData): number =>
  data.partitions.reduce((n, blocks) => n + blocks.reduce((m, { block }) => m + blockBytes(block), 0), 0);

export function localScan(plan: LocalRelation, ordinals: readonly number[] | undefined): PhysicalPlan {
  const { data, output } = plan;
  return physical({
    name: "LocalTableScan",
    output,
    children: [],
    describe: () => attributeList(output),
    sizeInBytes: bytesOf(data),
    execute: async () => ({ partitions: data.partitions.map((blocks) => blocksFragment(blocks, ordinals)) }),
  });
}
