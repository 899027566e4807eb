import type { Expression } from "../expressions/expression.js";
import { mapOperands } from "../plan/index.js";
import type { AnalysisContext } from "./analyzer.js";
import { resolveCall, resolveCast } from "./resolve-call.js";
import { resolveName, type Scope } from "./resolve-name.js";

/** The expression with names resolved and every node typed. */
export const resolveExpression = (e: Expression, scope: Scope, context: AnalysisContext): Expression =>
  resolveTypes(resolveNames(e, scope), context);

/** Names become attributes (or fields of attributes); functions stay as they are. */
export function resolveNames(e: Expression, scope: Scope): Expression {
  if (e.kind === "unresolved") return resolveName(e, scope);
  return mapOperands(e, (operand) => resolveNames(operand, scope));
}

/** Functions get their types, with casts of their arguments where Spark would put them. */
export function resolveTypes(e: Expression, context: AnalysisContext): Expression {
  const typed = mapOperands(e, (operand) => resolveTypes(operand, context));
  if (typed.kind === "call") return typed.type ? typed : resolveCall(typed, context);
  if (typed.kind === "cast") return resolveCast(typed, context);
  return typed;
}
