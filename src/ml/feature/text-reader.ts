import { type Column, decodeUtf8, isNull } from "../../columnar/index.js";
import { javaDouble, javaFloat } from "../../common/index.js";
import { decimalText } from "../../sql/types/index.js";
import { unscaledAt } from "./numeric-reader.js";

/**
 * Reads the rows of a string or numeric column as text, the way Spark casts numbers to strings; null for null.
 * `scale`: see `scaleOf`.
 */
export function textReader(column: Column, scale: number): (i: number) => string | null {
  const textOf = reader(column, scale);
  return (i) => (isNull(column, i) ? null : textOf(i));
}

function reader(column: Column, scale: number): (i: number) => string {
  switch (column.layout) {
    case "utf8": {
      const { bytes, offsets } = column;
      return (i) => decodeUtf8(bytes, offsets[i], offsets[i + 1]);
    }
    case "f64": {
      const { values } = column;
      return (i) => javaDouble(values[i]);
    }
    case "f32": {
      const { values } = column;
      return (i) => javaFloat(values[i]);
    }
    case "i8":
    case "i16":
    case "i32":
    case "i64": {
      const { values } = column;
      return (i) => values[i].toString();
    }
    case "i128": {
      const { values } = column;
      return (i) => decimalText(unscaledAt(values, i), scale);
    }
    default:
      throw new TypeError(`a column laid out as ${JSON.stringify(column.layout)} has no text`);
  }
}
