import { booleanType } from "../types/index.js";
import type { Expression } from "../expressions/index.js";
import { isNullable } from "../expressions/index.js";

const isAnd = (e: Expression): e is Extract<Expression, { kind: "call" }> =>
  e.kind === "call" && e.name.toLowerCase() === "and" && e.args.length === 2;

/** Operands of the topmost ANDs. */
export const conjunctsOf = (condition: Expression): readonly Expression[] =>
  isAnd(condition) ? condition.args.flatMap(conjunctsOf) : [condition];

/** All of the conditions at once; undefined for none. */
export function conjunction(conditions: readonly Expression[]): Expression | undefined {
  if (conditions.length === 0) return undefined;
  return conditions.reduce((left, right) => ({
    kind: "call",
    name: "and",
    args: [left, right],
    type: booleanType,
    nullable: isNullable(left) || isNullable(right),
  }));
}
