import type { Expression } from "../expressions/index.js";
import type { LogicalPlan } from "./logical-plan.js";

/** Inputs of a node. */
export function childrenOf(plan: LogicalPlan): readonly LogicalPlan[] {
  switch (plan.kind) {
    case "local":
    case "range":
    case "files":
    case "cached":
      return [];
    case "join":
      return [plan.left, plan.right];
    case "union":
    case "derived":
      return plan.children;
    default:
      return [plan.child];
  }
}

/** The node over other inputs; the same object when they are the same. */
export function withChildren(plan: LogicalPlan, children: readonly LogicalPlan[]): LogicalPlan {
  if (childrenOf(plan).every((child, i) => child === children[i])) return plan;
  switch (plan.kind) {
    case "local":
    case "range":
    case "files":
    case "cached":
      return plan;
    case "join":
      return { ...plan, left: children[0], right: children[1] };
    case "union":
    case "derived":
      return { ...plan, children };
    default:
      return { ...plan, child: children[0] };
  }
}

export const mapChildren = (plan: LogicalPlan, fn: (child: LogicalPlan) => LogicalPlan): LogicalPlan =>
  withChildren(plan, childrenOf(plan).map(fn));

/** Rewrites inputs first, then the node. */
export const transformPlanUp = (plan: LogicalPlan, fn: (plan: LogicalPlan) => LogicalPlan): LogicalPlan =>
  fn(mapChildren(plan, (child) => transformPlanUp(child, fn)));

/** Rewrites the node, then the inputs of what came out. */
export const transformPlanDown = (plan: LogicalPlan, fn: (plan: LogicalPlan) => LogicalPlan): LogicalPlan =>
  mapChildren(fn(plan), (child) => transformPlanDown(child, fn));

/** Expressions that a node itself evaluates. */
export function expressionsOf(plan: LogicalPlan): readonly Expression[] {
  switch (plan.kind) {
    case "project":
    case "repartitionBy":
      return plan.expressions;
    case "filter":
      return [plan.condition];
    case "aggregate":
      return [...plan.grouping, ...plan.aggregates];
    case "join":
      return plan.condition ? [plan.condition] : [];
    case "sort":
      return plan.orders;
    case "mapColumns":
      return plan.inputs;
    case "observe":
      return plan.metrics;
    case "files":
      return plan.filters;
    default:
      return [];
  }
}

const mapped = <T extends Expression>(list: readonly T[], fn: (e: Expression) => Expression): readonly T[] => {
  const next = list.map(fn) as T[];
  return next.every((e, i) => e === list[i]) ? list : next;
};

/** The node with each of its expressions replaced; the same object when nothing changed. */
export function mapExpressions(plan: LogicalPlan, fn: (e: Expression) => Expression): LogicalPlan {
  switch (plan.kind) {
    case "project":
    case "repartitionBy": {
      const expressions = mapped(plan.expressions, fn);
      return expressions === plan.expressions ? plan : { ...plan, expressions };
    }
    case "filter": {
      const condition = fn(plan.condition);
      return condition === plan.condition ? plan : { ...plan, condition };
    }
    case "aggregate": {
      const grouping = mapped(plan.grouping, fn);
      const aggregates = mapped(plan.aggregates, fn);
      return grouping === plan.grouping && aggregates === plan.aggregates ? plan : { ...plan, grouping, aggregates };
    }
    case "join": {
      const condition = plan.condition && fn(plan.condition);
      return condition === plan.condition || !condition ? plan : { ...plan, condition };
    }
    case "sort": {
      const orders = mapped(plan.orders, fn);
      return orders === plan.orders ? plan : { ...plan, orders };
    }
    case "mapColumns": {
      const inputs = mapped(plan.inputs, fn);
      return inputs === plan.inputs ? plan : { ...plan, inputs };
    }
    case "observe": {
      const metrics = mapped(plan.metrics, fn);
      return metrics === plan.metrics ? plan : { ...plan, metrics };
    }
    case "files": {
      const filters = mapped(plan.filters, fn);
      return filters === plan.filters ? plan : { ...plan, filters };
    }
    default:
      return plan;
  }
}
