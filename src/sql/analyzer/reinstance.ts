import type { AttributeExpression, Expression } from "../expressions/index.js";
import { mapExpressions, mapOperands, newExpressionId, transformPlanUp, type LogicalPlan } from "../plan/index.js";

/** The same plan with new attribute ids throughout, so that it can stand beside itself in a join or union. */
export function reinstance(plan: LogicalPlan): LogicalPlan {
  const ids = new Map<number, number>();
  const fresh = (id: number): number => {
    let next = ids.get(id);
    if (next === undefined) ids.set(id, (next = newExpressionId()));
    return next;
  };
  const attribute = (a: AttributeExpression): AttributeExpression => ({ ...a, id: fresh(a.id) });
  const expression = (e: Expression): Expression => {
    if (e.kind === "attribute") return attribute(e);
    const mapped = mapOperands(e, expression);
    return mapped.kind === "alias" && mapped.id !== undefined ? { ...mapped, id: fresh(mapped.id) } : mapped;
  };
  return transformPlanUp(plan, (node) => {
    const next = mapExpressions(node, expression);
    switch (next.kind) {
      case "local":
      case "range":
      case "files":
      case "cached":
        return { ...next, output: next.output.map(attribute) };
      case "mapColumns":
        return { ...next, output: next.output.map(attribute), produced: next.produced.map(attribute) };
      case "union":
        return next.output ? { ...next, output: next.output.map(attribute) } : next;
      default:
        return next;
    }
  });
}
