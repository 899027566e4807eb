import type { Batch } from "../../columnar/index.js";
import { batchBytes, PIECE_BYTES, sliceBatch } from "./pieces.js";

/** Rows in order of their destinations `first, first + 1, ...`: those for `first + i` are `starts[i] .. starts[i + 1]`. */
export interface Ordered {
  readonly batch: Batch;
  readonly first: number;
  readonly starts: Int32Array;
}

/** Where the rows of each destination start when they are in order. */
export function startsOf(destination: Int32Array, numPartitions: number): Int32Array {
  const starts = new Int32Array(numPartitions + 1);
  for (let i = 0; i < destination.length; i++) starts[destination[i] + 1]++;
  for (let p = 0; p < numPartitions; p++) starts[p + 1] += starts[p];
  return starts;
}

/** Pieces of ordered rows: neighbouring destinations together while they are small, a large destination in several. */
export function* cutSegments({ batch, first, starts }: Ordered): Generator<Ordered> {
  const most = Math.max(8, Math.floor((PIECE_BYTES * batch.numRows) / Math.max(1, batchBytes(batch))));
  const count = starts.length - 1;
  for (let p = 0; p < count;) {
    if (starts[p + 1] === starts[p]) {
      p++;
      continue;
    }
    let end = p + 1;
    while (end < count && starts[end + 1] - starts[p] <= most) end++;
    for (let at = starts[p]; at < starts[end]; at += most) {
      const to = Math.min(starts[end], at + most);
      const own = starts.slice(p, end + 1);
      for (let i = 0; i < own.length; i++) own[i] = Math.min(Math.max(own[i] - at, 0), to - at);
      yield { batch: sliceBatch(batch, at, to), first: first + p, starts: own };
    }
    p = end;
  }
}
