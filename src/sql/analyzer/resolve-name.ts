import type { AttributeExpression, Expression, UnresolvedExpression } from "../expressions/index.js";
import { childrenOf, outputOf, type LogicalPlan } from "../plan/index.js";
import { stringType } from "../types/index.js";
import { ambiguousReference, missingAttribute, unresolvedColumn } from "./analysis-errors.js";

/** Where names are looked up: the columns at hand, and the plans they came from (for `df.col(name)`). */
export interface Scope {
  readonly attributes: readonly AttributeExpression[];
  readonly plans: readonly LogicalPlan[];
  readonly caseSensitive: boolean;
  /** For error messages. */
  readonly operator: string;
}

export const sameName = (a: string, b: string, caseSensitive: boolean): boolean =>
  a === b || (!caseSensitive && a.toLowerCase() === b.toLowerCase());

/** The attribute, or the field of one, that a name means. */
export function resolveName(e: UnresolvedExpression, scope: Scope): Expression {
  const found = e.planId === undefined ? lookUp(e.nameParts, scope) : ofPlan(e, e.planId, scope);
  if (!found) throw unresolvedColumn(e.nameParts, scope.attributes);
  return found;
}

/** Undefined when no column matches; throws when several do. */
export function lookUp(nameParts: readonly string[], scope: Scope): Expression | undefined {
  const { attributes, caseSensitive } = scope;
  const matches = (a: AttributeExpression, qualifierParts: number): boolean => {
    if (qualifierParts > a.qualifier.length || !sameName(a.name, nameParts[qualifierParts], caseSensitive))
      return false;
    const tail = a.qualifier.slice(a.qualifier.length - qualifierParts);
    return tail.every((part, i) => sameName(part, nameParts[i], caseSensitive));
  };
  for (let qualifierParts = nameParts.length - 1; qualifierParts >= 0; qualifierParts--) {
    const found = distinct(attributes.filter((a) => matches(a, qualifierParts)));
    if (found.length === 0) continue;
    if (found.length > 1) throw ambiguousReference(nameParts, found);
    const [attribute] = found;
    const typed = nameParts[qualifierParts];
    const named = attribute.name === typed ? attribute : { ...attribute, name: typed };
    return fieldsOf(named, nameParts.slice(qualifierParts + 1));
  }
  return undefined;
}

const distinct = (list: readonly AttributeExpression[]): AttributeExpression[] =>
  list.filter((a, i) => list.findIndex((b) => b.id === a.id) === i);

const fieldsOf = (base: Expression, names: readonly string[]): Expression => names.reduce<Expression>(fieldOf, base);

/** A field of a struct. */
export const fieldOf = (struct: Expression, name: string): Expression => ({
  kind: "call",
  name: "getItem",
  args: [struct, { kind: "literal", value: name, type: stringType, nullable: false }],
});

/** `df.col(name)`: the column as that DataFrame has it, if it still passes through to here. */
function ofPlan(e: UnresolvedExpression, planId: number, scope: Scope): Expression | undefined {
  const candidates: { readonly expression: Expression; readonly depth: number }[] = [];
  let seen = false;
  let lost: string | undefined;
  const visit = (plan: LogicalPlan, depth: number): void => {
    if (plan.planId === planId) {
      seen = true;
      const output = outputOf(plan);
      const expression = lookUp(e.nameParts, { ...scope, attributes: output });
      if (!expression) throw unresolvedColumn(e.nameParts, output);
      const root = rootOf(expression);
      const here = scope.attributes.find((a) => a.id === root.id);
      if (here) candidates.push({ expression: expression === root ? { ...here, name: root.name } : expression, depth });
      else lost = root.name;
      return;
    }
    for (const child of childrenOf(plan)) visit(child, depth + 1);
  };
  for (const plan of scope.plans) visit(plan, 0);
  if (candidates.length === 0) {
    if (seen) throw missingAttribute(lost ?? e.nameParts.join("."), scope.attributes, scope.operator);
    throw missingAttribute(e.nameParts.join("."), scope.attributes, scope.operator);
  }
  const least = Math.min(...candidates.map((c) => c.depth));
  const nearest = candidates.filter((c) => c.depth === least);
  const roots = distinct(nearest.map((c) => rootOf(c.expression)));
  if (roots.length > 1) throw ambiguousReference(e.nameParts, roots);
  return nearest[0].expression;
}

function rootOf(e: Expression): AttributeExpression {
  if (e.kind === "attribute") return e;
  if (e.kind === "call") return rootOf(e.args[0]);
  throw new Error("a resolved name is an attribute or a field of one");
}
