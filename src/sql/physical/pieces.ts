import { slice, type Batch, type Column } from "../../columnar/index.js";

/** Bytes of rows that are written to and read from a file together, about: what a reader holds of one file. */
export const PIECE_BYTES = 512 * 1024;

/** Bytes of a batch's rows, about. */
export const batchBytes = (batch: Batch): number => batch.columns.reduce((n, column) => n + columnBytes(column), 0);

function columnBytes(column: Column): number {
  let bytes = column.validity?.byteLength ?? 0;
  const { length } = column;
  if ("values" in column) bytes += column.values.byteLength;
  if ("offsets" in column) {
    const items = column.offsets[length] - column.offsets[0];
    bytes += 4 * length;
    if ("bytes" in column) bytes += items;
    if ("indices" in column) bytes += 4 * items;
    if ("child" in column && column.child.length > 0)
      bytes += (columnBytes(column.child) * items) / column.child.length;
  }
  if ("children" in column) for (const child of column.children) bytes += columnBytes(child);
  return bytes;
}

/** The first columns of a batch. */
export const firstColumns = (batch: Batch, width: number): Batch =>
  width >= batch.columns.length ? batch : { numRows: batch.numRows, columns: batch.columns.slice(0, width) };

export const sliceBatch = (batch: Batch, start: number, end: number): Batch =>
  start === 0 && end === batch.numRows
    ? batch
    : { numRows: end - start, columns: batch.columns.map((column) => slice(column, start, end)) };

/** Rows of a batch that make a piece; a multiple of 8, so that slices of bitmaps are views. */
export function pieceRows(batch: Batch, bytes = PIECE_BYTES): number {
  const rows = Math.floor((batch.numRows * bytes) / Math.max(1, batchBytes(batch)));
  return Math.max(8, rows - (rows % 8));
}

/** The batch in pieces. */
export function* piecesOf(batch: Batch, bytes = PIECE_BYTES): Generator<Batch> {
  const rows = pieceRows(batch, bytes);
  for (let at = 0; at < batch.numRows; at += rows) yield sliceBatch(batch, at, Math.min(batch.numRows, at + rows));
}
