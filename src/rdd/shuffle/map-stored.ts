import { type Column, fromBlock, type Layout, slice as sliceColumn } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import { blockBytes } from "../../memory/index.js";
import { decodeColumn, decodeInto } from "../codec/index.js";
import { placeInts, type PartitionerSpec } from "../partitioner.js";
import type { StoredPiece } from "./map-output.js";
import { BLOCK_BYTES, FLUSH_BYTES, type MapWriter } from "./map-writer.js";

/** Smaller pieces are collected into common blocks, pair by pair. */
const LEAST_BYTES = BLOCK_BYTES / 4;

/**
 * Writes stored pairs by destination: their columns as they are, without making the pairs into JavaScript values, where a row of
 * them can be taken by itself.
 */
export function mapStored(
  pieces: readonly StoredPiece[],
  partitioner: PartitionerSpec,
  partitionOf: (key: unknown) => number,
  writer: MapWriter,
  task: TaskContext,
): void {
  for (const { block, numRows, start, end } of pieces) {
    task.checkCancelled();
    const batch = fromBlock(block);
    const [column] = batch.columns;
    const bytesPerRow = blockBytes(block) / numRows;
    if ((end - start) * bytesPerRow >= LEAST_BYTES && isTuples(column) && rowsStandAlone(column.layout)) {
      mapColumn(column, start, end, bytesPerRow);
    } else {
      const add = (pair: readonly unknown[]): boolean => {
        writer.add(pair, partitionOf(pair[0]));
        return true;
      };
      decodeInto(batch, add, start, end);
    }
  }

  function mapColumn(column: Tuples, start: number, end: number, bytesPerRow: number): void {
    const held = task.memory.acquire(FLUSH_BYTES) ? FLUSH_BYTES : 0;
    const rows = Math.max(1, Math.floor((held > 0 ? FLUSH_BYTES : BLOCK_BYTES) / bytesPerRow));
    try {
      for (let from = start; from < end; from += rows) {
        task.checkCancelled();
        const to = Math.min(end, from + rows);
        const destinations = destinationsOf(column.children[0], from, to, partitioner, partitionOf);
        writer.addColumn(sliceColumn(column, from, to), destinations, (to - from) * bytesPerRow);
      }
    } finally {
      task.memory.release(held);
    }
  }
}

type Tuples = Extract<Column, { children: readonly Column[] }>;

const isTuples = (column: Column): column is Tuples => "children" in column && !column.validity;

/** Whether every row holds its own value: serialized values lie together in the first row of their segment. */
function rowsStandAlone(layout: Layout): boolean {
  if (typeof layout !== "object") return layout !== "binary";
  return "list" in layout ? rowsStandAlone(layout.list) : layout.struct.every(rowsStandAlone);
}

function destinationsOf(
  keys: Column,
  from: number,
  to: number,
  partitioner: PartitionerSpec,
  partitionOf: (key: unknown) => number,
): Int32Array {
  const destinations = new Int32Array(to - from);
  if (keys.layout === "i32" && !keys.validity) {
    if (placeInts(partitioner, keys.values.subarray(from, to) as Int32Array, destinations)) return destinations;
  }
  const place = (key: unknown, row: number): void => {
    destinations[row - from] = partitionOf(key);
  };
  decodeColumn(keys, place, from, to);
  return destinations;
}
