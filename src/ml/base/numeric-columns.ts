import { type Column as BatchColumn, isValid, type NumberColumn } from "../../columnar/index.js";
import { type Column, F } from "../../sql/api/index.js";

/** A column by its exact name, dots and all. */
export const namedColumn = (name: string): Column => F.col(`\`${name.replaceAll("`", "``")}\``);

/** A numeric column as doubles. */
export const doubleColumn = (name: string): Column => namedColumn(name).cast("double");

/** The doubles of an f64 column of a batch, NaN for null; the batch's own array when there are no nulls. */
export function doublesOf(column: BatchColumn, numRows: number): Float64Array {
  const source = (column as NumberColumn).values as Float64Array;
  if (column.validity === null) return source;
  const values = new Float64Array(numRows);
  for (let i = 0; i < numRows; i++) values[i] = isValid(column, i) ? source[i] : Number.NaN;
  return values;
}
