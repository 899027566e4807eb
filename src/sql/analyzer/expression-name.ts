import type { AttributeExpression, Expression } from "../expressions/index.js";
import {
  BinaryType,
  DateType,
  DecimalType,
  decimalText,
  DoubleType,
  FloatType,
  TimestampType,
} from "../types/index.js";
import { javaDouble } from "../../common/index.js";

const infix: Readonly<Record<string, string>> = Object.fromEntries(
  ["+", "-", "*", "/", "%", "div", "&", "|", "^", "=", "<=>", "<", "<=", ">", ">="].map((op) => [op, op]),
);
const words: Readonly<Record<string, string>> = { ...infix, and: "AND", or: "OR", "==": "=" };
/** Functions whose columns Spark names in capitals. */
const capitals: ReadonlySet<string> = new Set(
  "acos acosh asin asinh atan atan2 atanh cbrt cos cosh cot csc exp expm1 hypot log10 log1p log2 power rint sec signum sin sinh sqrt tan tanh degrees radians log rlike".split(
    " ",
  ),
);
const aliases: Readonly<Record<string, string>> = { pow: "power", mean: "avg", regexp_like: "rlike" };

/** Name that Spark gives to the column of an expression without alias, e.g. `(a + 1)`; also how errors print it. */
export function expressionName(e: Expression, attribute: (a: AttributeExpression) => string = (a) => a.name): string {
  const name = (x: Expression): string => expressionName(x, attribute);
  switch (e.kind) {
    case "attribute":
      return attribute(e);
    case "unresolved":
      return e.nameParts.join(".");
    case "star":
      return [...(e.qualifier ?? []), "*"].join(".");
    case "bound":
      return `input[${e.ordinal}]`;
    case "literal":
      return literalName(e);
    case "alias":
      return e.name;
    case "sort":
      return `${name(e.child)} ${e.ascending ? "ASC" : "DESC"} NULLS ${e.nullsFirst ? "FIRST" : "LAST"}`;
    case "cast":
      return `${e.lenient ? "TRY_CAST" : "CAST"}(${name(e.child)} AS ${e.type.sql()})`;
    case "udf":
      return `${e.name}(${e.args.map(name).join(", ")})`;
    case "call":
      return callName(e, name);
  }
}

function callName(e: Extract<Expression, { kind: "call" }>, name: (x: Expression) => string): string {
  const fn = e.name.toLowerCase();
  const args = e.args.map(name);
  const op = words[fn];
  if (op && args.length === 2) return `(${args[0]} ${op} ${args[1]})`;
  switch (fn) {
    case "-":
      return `(- ${args[0]})`;
    case "not":
    case "!":
      return `(NOT ${args[0]})`;
    case "isnull":
      return `(${args[0]} IS NULL)`;
    case "isnotnull":
      return `(${args[0]} IS NOT NULL)`;
    case "in":
      return `(${args[0]} IN (${args.slice(1).join(", ")}))`;
    case "like":
      return `${args[0]} LIKE ${args[1]}`;
    case "getitem":
      return e.args[1].kind === "literal" && typeof e.args[1].value === "string"
        ? `${args[0]}.${args[1]}`
        : `${args[0]}[${args[1]}]`;
    case "if":
      return `(IF(${args.join(", ")}))`;
    case "when": {
      let text = "CASE";
      for (let i = 0; i + 1 < args.length; i += 2) text += ` WHEN ${args[i]} THEN ${args[i + 1]}`;
      return `${text}${args.length % 2 === 1 ? ` ELSE ${args[args.length - 1]}` : ""} END`;
    }
    case "||":
      return `concat(${args.join(", ")})`;
    case "count":
      if (e.args.some((arg) => arg.kind === "star")) return "count(1)";
  }
  const canonical = aliases[fn] ?? fn;
  const shown =
    capitals.has(canonical) && !(canonical === "log" && args.length === 1) ? canonical.toUpperCase() : canonical;
  return `${shown === "log" ? "ln" : shown}(${e.distinct ? "DISTINCT " : ""}${args.join(", ")})`;
}

function literalName({ value, type }: Extract<Expression, { kind: "literal" }>): string {
  if (value === null) return "NULL";
  if (type instanceof DecimalType) return decimalText(value as bigint, type.scale);
  if (type instanceof DoubleType || type instanceof FloatType) return javaDouble(value as number);
  if (type instanceof DateType) return `DATE '${new Date((value as number) * 86_400_000).toISOString().slice(0, 10)}'`;
  if (type instanceof TimestampType) return `TIMESTAMP '${new Date(Number((value as bigint) / 1000n)).toISOString()}'`;
  if (type instanceof BinaryType)
    return `X'${Buffer.from(value as Uint8Array)
      .toString("hex")
      .toUpperCase()}'`;
  return String(value);
}
