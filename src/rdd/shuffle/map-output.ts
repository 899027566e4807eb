import type { StoredBlock } from "../../memory/index.js";

/** Pairs of some reduce partitions, ordered by partition: those of `first + i` are `starts[i] .. starts[i + 1]`. */
export interface MapBlock extends StoredBlock {
  readonly first: number;
  readonly starts: Int32Array;
}

/** What one map task of a shuffle wrote, in the order in which readers see it. */
export interface MapOutput {
  readonly blocks: readonly MapBlock[];
}

/** A stretch of a block of elements. */
export interface StoredPiece extends StoredBlock {
  readonly start: number;
  readonly end: number;
}

/** Blocks of elements as pieces. */
export const wholePieces = (blocks: readonly StoredBlock[]): StoredPiece[] =>
  blocks.map(({ block, numRows }) => ({ block, numRows, start: 0, end: numRows }));

/** What map tasks wrote for one reduce partition, in map order. */
export function piecesOf(outputs: readonly MapOutput[], partition: number): StoredPiece[] {
  const pieces: StoredPiece[] = [];
  for (const { blocks } of outputs) {
    for (const { block, numRows, first, starts } of blocks) {
      const at = partition - first;
      if (at < 0 || at >= starts.length - 1 || starts[at] === starts[at + 1]) continue;
      pieces.push({ block, numRows, start: starts[at], end: starts[at + 1] });
    }
  }
  return pieces;
}
