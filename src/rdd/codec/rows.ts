import type { Batch } from "../../columnar/index.js";
import { ElementBuilder } from "./element-builder.js";
import { decodeInto } from "./element-reader.js";

/** Lays elements out as a batch of one column. */
export function encodeRows(values: readonly unknown[]): Batch {
  const builder = new ElementBuilder();
  for (const value of values) builder.append(value);
  return { numRows: values.length, columns: [builder.finish()] };
}

/** The elements of a batch that {@link encodeRows} or an ElementBuilder made. */
export function decodeRows(batch: Batch): unknown[] {
  const values: unknown[] = [];
  decodeInto(batch, (value) => {
    values.push(value);
    return true;
  });
  return values;
}
