import { someExpression, type LogicalPlan, type Project } from "../plan/index.js";
import type { AnalysisContext } from "./analyzer.js";
import { expandStars, resolveNamed } from "./named-expressions.js";
import { resolveAggregate } from "./resolve-aggregate.js";
import { isAggregateCall } from "./resolve-call.js";

/** `select`: stars are expanded, every item gets a name; with aggregate functions it is a global aggregation. */
export function resolveProject(node: Project, context: AnalysisContext): LogicalPlan {
  const scope = context.scope("Project", node.child);
  const hasAggregate = node.expressions.some((e) => someExpression(e, isAggregateCall));
  if (hasAggregate) {
    const { child, planId, origin } = node;
    return resolveAggregate(
      { kind: "aggregate", child, grouping: [], aggregates: node.expressions, planId, origin },
      context,
    );
  }
  const expressions = expandStars(node.expressions, scope).map((e) => resolveNamed(e, scope));
  return { ...node, expressions };
}
