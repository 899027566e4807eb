import { mapOperands, resolveTypes, type Expression } from "../expressions/index.js";
import { resolveName, type Scope } from "./resolve-name.js";

/** The expression with names resolved and every node typed. */
export const resolveExpression = (e: Expression, scope: Scope): Expression => resolveTypes(resolveNames(e, scope));

/** Names become attributes (or fields of attributes); functions stay as they are. */
export function resolveNames(e: Expression, scope: Scope): Expression {
  if (e.kind === "unresolved") return resolveName(e, scope);
  return mapOperands(e, (operand) => resolveNames(operand, scope));
}
