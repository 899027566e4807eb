import { readFileSync } from "node:fs";
import {
  findFunction,
  isAggregate,
  someExpression,
  transformUp,
  evalConstant,
  literalOf,
  type Expression,
} from "../../../src/sql/expressions/index.js";
import "../../../src/sql/functions/index.js";
import { parseExpression } from "../../../src/sql/parser/index.js";

export interface GoldenLine {
  readonly f: string;
  readonly sql: string;
  readonly schema?: string;
  readonly rows?: readonly (readonly never[])[];
  readonly error?: string;
}

export const goldenLines: readonly GoldenLine[] = readFileSync(
  new URL("../../golden/sql/functions.jsonl", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line) as GoldenLine);

/** Spark's parser makes literals of DATE'...' and TIMESTAMP'...'; ours makes casts that the optimizer folds. */
export const typedLiterals = (e: Expression, sql: string): Expression =>
  /(DATE|TIMESTAMP)\s*'/i.test(sql)
    ? transformUp(e, (x) =>
        x.kind === "cast" &&
        x.child.kind === "literal" &&
        typeof x.child.value === "string" &&
        /^(date|timestamp)/.test(x.type.typeName())
          ? literalOf(evalConstant(x), x.type)
          : x,
      )
    : e;

export const parse = (sql: string): Expression => typedLiterals(parseExpression(sql), sql);

/** Whether all functions of an expression exist, and none (or only the root) is an aggregate. */
export function usesKnown(e: Expression, aggregates: boolean): boolean {
  if (someExpression(e, (x) => x.kind === "call" && !findFunction(x.name))) return false;
  const nested = (x: Expression): boolean => x !== e && x.kind === "call" && isAggregate(x.name);
  const root = e.kind === "call" && isAggregate(e.name) && !e.distinct;
  return root === aggregates && !someExpression(e, nested);
}
