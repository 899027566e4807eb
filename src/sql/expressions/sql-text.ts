import {
  DateType,
  DecimalType,
  decimalText,
  DoubleType,
  FloatType,
  StringType,
  TimestampNTZType,
  TimestampType,
} from "../types/index.js";
import { formatDate, formatTimestamp, javaDouble } from "../../common/index.js";
import type { Expression } from "./expression.js";

const infix = new Set([
  "+",
  "-",
  "*",
  "/",
  "%",
  "div",
  "&",
  "|",
  "^",
  "=",
  "==",
  "<=>",
  "<",
  "<=",
  ">",
  ">=",
  "and",
  "or",
]);

/** SQL text of an expression for error messages; implicit casts are left out. */
export function sqlText(e: Expression): string {
  switch (e.kind) {
    case "attribute":
      return e.name;
    case "unresolved":
      return e.nameParts.join(".");
    case "star":
      return [...(e.qualifier ?? []), "*"].join(".");
    case "bound":
      return `input[${e.ordinal}]`;
    case "alias":
    case "sort":
      return sqlText(e.child);
    case "cast":
      if (e.implicit) return sqlText(e.child);
      return `${e.lenient ? "TRY_CAST" : "CAST"}(${sqlText(e.child)} AS ${e.type.sql()})`;
    case "literal":
      return literalText(e.value, e);
    case "udf":
      return `${e.name}(${e.args.map(sqlText).join(", ")})`;
    case "call": {
      const args = e.args.map(sqlText);
      const name = e.name.toLowerCase();
      if (infix.has(name) && args.length === 2)
        return `(${args[0]} ${name === "==" ? "=" : name.toUpperCase()} ${args[1]})`;
      if (name === "not") return `(NOT ${args[0]})`;
      return `${e.name}(${e.distinct ? "DISTINCT " : ""}${args.join(", ")})`;
    }
  }
}

function literalText(value: unknown, { type }: Extract<Expression, { kind: "literal" }>): string {
  if (value === null) return "NULL";
  if (type instanceof StringType) return String(value);
  if (type instanceof DecimalType) return decimalText(value as bigint, type.scale);
  if (type instanceof DoubleType || type instanceof FloatType) return javaDouble(value as number);
  if (type instanceof DateType) return `DATE '${formatDate(value as number)}'`;
  if (type instanceof TimestampType || type instanceof TimestampNTZType) {
    return `TIMESTAMP '${formatTimestamp(value as bigint)}'`;
  }
  return String(value);
}
