import { bitAt, decodeUtf8, type Batch, type Column } from "../../columnar/index.js";
import type { Sink } from "../operator.js";
import { deserializeValue } from "./serialize.js";

/** Values of a column by row; `read(from, to)` stays inside the segment the reader was opened for. */
interface ColumnReader {
  read(from: number, to: number): ArrayLike<unknown>;
}

/** Rows that are made into values at a time. */
const RUN = 1024;

/** A reader of rows `start .. end` of a column that ElementBuilder made; they are one or more whole segments from `start` on. */
function openReader(column: Column, start: number, end: number): ColumnReader {
  const reader = openValues(column, start, end);
  const { validity } = column;
  if (!validity) return reader;
  return {
    read(from, to) {
      const values = Array.from(reader.read(from, to));
      for (let i = from; i < to; i++) if (!bitAt(validity, i)) values[i - from] = null;
      return values;
    },
  };
}

function openValues(column: Column, start: number, end: number): ColumnReader {
  switch (column.layout) {
    case "null":
      return { read: (from, to) => new Array<null>(to - from).fill(null) };
    case "bool":
      return { read: (from, to) => Array.from({ length: to - from }, (_, i) => bitAt(column.values, from + i)) };
    case "utf8":
      return openStrings(column);
    case "binary": {
      let values: readonly unknown[] | undefined;
      return { read: (from, to) => (values ??= segments(column, start, end)).slice(from - start, to - start) };
    }
    case "i32":
    case "f64":
    case "i64":
      return { read: (from, to) => column.values.subarray(from, to) as ArrayLike<unknown> };
    default:
      if ("children" in column) return openTuples(column.children, start, end);
      if ("child" in column) return openLists(column, start, end);
      throw new TypeError(`no elements are stored as ${JSON.stringify(column.layout)}`);
  }
}

/** All values of the segments between two rows: each lies in its segment's first row. */
function segments(column: Extract<Column, { layout: "utf8" | "binary" }>, start: number, end: number): unknown[] {
  const { offsets, bytes } = column;
  const values: unknown[] = [];
  for (let row = start; row < end;) {
    const part = deserializeValue(bytes.subarray(offsets[row], offsets[row + 1])) as unknown[];
    for (const value of part) values.push(value);
    row += part.length;
  }
  return values;
}

function openStrings(column: Extract<Column, { layout: "utf8" | "binary" }>): ColumnReader {
  const { offsets, bytes } = column;
  const text = Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  return {
    read(from, to) {
      const first = offsets[from];
      const all = text.toString("utf8", first, offsets[to]);
      const strings: string[] = new Array(to - from);
      // One decoding for the run where it is ASCII: then characters are where bytes are.
      if (all.length === offsets[to] - first) {
        for (let i = from; i < to; i++) strings[i - from] = all.substring(offsets[i] - first, offsets[i + 1] - first);
      } else for (let i = from; i < to; i++) strings[i - from] = decodeUtf8(bytes, offsets[i], offsets[i + 1]);
      return strings;
    },
  };
}

function openTuples(children: readonly Column[], start: number, end: number): ColumnReader {
  const readers = children.map((child) => openReader(child, start, end));
  if (readers.length === 2) {
    const [left, right] = readers;
    return {
      read(from, to) {
        const keys = left.read(from, to);
        const values = right.read(from, to);
        const pairs: unknown[] = new Array(to - from);
        for (let i = 0; i < pairs.length; i++) pairs[i] = [keys[i], values[i]];
        return pairs;
      },
    };
  }
  return {
    read(from, to) {
      const columns = readers.map((reader) => reader.read(from, to));
      return Array.from({ length: to - from }, (_, i) => columns.map((column) => column[i]));
    },
  };
}

function openLists(column: Extract<Column, { child: Column }>, start: number, end: number): ColumnReader {
  const { offsets, child } = column;
  const items = openReader(child, offsets[start], offsets[end]);
  return {
    read(from, to) {
      const first = offsets[from];
      const all = Array.from(items.read(first, offsets[to]));
      return Array.from({ length: to - from }, (_, i) =>
        all.slice(offsets[from + i] - first, offsets[from + i + 1] - first),
      );
    },
  };
}

/** Pushes the elements of rows `start .. end` of a batch into the sink; false when it stopped. */
export function decodeInto(batch: Batch, sink: Sink, start = 0, end = batch.numRows): boolean {
  if (start === end) return true;
  const reader = openReader(batch.columns[0], start, end);
  for (let from = start; from < end; from += RUN) {
    const to = Math.min(end, from + RUN);
    const values = reader.read(from, to);
    for (let i = 0; i < values.length; i++) if (!sink(values[i])) return false;
  }
  return true;
}

/** Calls `fn` with the keys and values of rows `start .. end` of a batch of pairs. */
export function decodePairs(
  batch: Batch,
  fn: (key: unknown, value: unknown) => void,
  start = 0,
  end = batch.numRows,
): void {
  if (start === end) return;
  const [column] = batch.columns;
  if (!("children" in column) || column.children.length !== 2 || column.validity) {
    decodeInto(
      batch,
      (pair: readonly unknown[]) => {
        fn(pair[0], pair[1]);
        return true;
      },
      start,
      end,
    );
    return;
  }
  const [left, right] = column.children.map((child) => openReader(child, start, end));
  for (let from = start; from < end; from += RUN) {
    const to = Math.min(end, from + RUN);
    const keys = left.read(from, to);
    const values = right.read(from, to);
    for (let i = 0; i < keys.length; i++) fn(keys[i], values[i]);
  }
}

/** Calls `fn` with the values of rows `start .. end` of a column and their numbers. */
export function decodeColumn(
  column: Column,
  fn: (value: unknown, row: number) => void,
  start: number,
  end: number,
): void {
  if (start === end) return;
  const reader = openReader(column, start, end);
  for (let from = start; from < end; from += RUN) {
    const values = reader.read(from, Math.min(end, from + RUN));
    for (let i = 0; i < values.length; i++) fn(values[i], from + i);
  }
}

/** Elements of rows `start .. end` of a batch, made run by run as they are asked for. */
export function* decodeLazily(batch: Batch, start = 0, end = batch.numRows): Generator<unknown> {
  if (start === end) return;
  const reader = openReader(batch.columns[0], start, end);
  for (let from = start; from < end; from += RUN) {
    const values = reader.read(from, Math.min(end, from + RUN));
    for (let i = 0; i < values.length; i++) yield values[i];
  }
}
