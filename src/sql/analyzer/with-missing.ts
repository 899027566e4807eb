import { AnalysisException } from "../../common/index.js";
import type { AttributeExpression, Expression } from "../expressions/index.js";
import { outputOf, referencesOf, type LogicalPlan } from "../plan/index.js";
import type { AnalysisContext } from "./analyzer.js";
import { resolveNames } from "./resolve-expression.js";
import type { Scope } from "./resolve-name.js";

/**
 * Builds a filter or sort; columns that a projection just below it dropped are still visible to it, as in Spark: they are
 * carried along and dropped again above.
 */
export function withMissing(
  child: LogicalPlan,
  expressions: readonly Expression[],
  context: AnalysisContext,
  operator: string,
  build: (child: LogicalPlan, scope: Scope) => LogicalPlan,
  output: readonly AttributeExpression[],
): LogicalPlan {
  const scope = context.scope(operator, child);
  const failure = attempt(expressions, scope);
  if (!failure || child.kind !== "project") {
    return build(child, scope);
  }
  const below = context.scope(operator, child, child.child);
  const own = new Set(scope.attributes.map((a) => a.id));
  const seen = new Set<number>();
  const attributes = [...scope.attributes, ...outputOf(child.child)].filter((a) => !seen.has(a.id) && seen.add(a.id));
  const hiddenByName = attributes.filter((a) => own.has(a.id) || !scope.attributes.some((b) => b.name === a.name));
  const wider = { ...below, attributes: hiddenByName };
  if (attempt(expressions, wider)) throw failure;
  const wanted = new Set<number>();
  for (const e of expressions) referencesOf(resolveNames(e, wider), wanted);
  const missing = outputOf(child.child).filter((a) => wanted.has(a.id) && !own.has(a.id));
  const carrying: LogicalPlan = { ...child, expressions: [...child.expressions, ...missing] };
  const built = build(carrying, { ...wider, plans: [carrying] });
  return { kind: "project", child: built, expressions: output };
}

function attempt(expressions: readonly Expression[], scope: Scope): AnalysisException | undefined {
  try {
    for (const e of expressions) resolveNames(e, scope);
    return undefined;
  } catch (error) {
    if (error instanceof AnalysisException && /^(UNRESOLVED_COLUMN|MISSING_ATTRIBUTES)/.test(error.condition ?? "")) {
      return error;
    }
    throw error;
  }
}
