import { referencesOf, type Expression } from "../expressions/index.js";
import { attributeOf, type LogicalPlan, outputOf, type Union } from "../plan/index.js";
import type { Rule } from "./optimizer.js";

type Ids = ReadonlySet<number>;

/** Every operator gets only the columns that something above it reads; scans read only those. */
export const columnPruning: Rule = {
  name: "ColumnPruning",
  apply: (plan) => narrow(plan, idsOf(outputOf(plan))),
};

const idsOf = (attributes: readonly { readonly id: number }[]): Set<number> => new Set(attributes.map((a) => a.id));
const reading = (above: Ids, ...expressions: readonly Expression[]): Set<number> => {
  const ids = new Set(above);
  for (const e of expressions) referencesOf(e, ids);
  return ids;
};
/** The items that are needed; one is kept where none is, so that rows can still be counted. */
const needed = <T extends { readonly id: number }>(items: readonly T[], ids: Ids): readonly T[] => {
  const kept = items.filter((item) => ids.has(item.id));
  return kept.length === items.length ? items : kept.length > 0 ? kept : items.slice(0, 1);
};

/** The plan pruned to what is needed, with a projection on top where it still has more columns than that. */
function narrow(plan: LogicalPlan, ids: Ids): LogicalPlan {
  const pruned = prune(plan, ids);
  const output = outputOf(pruned);
  const kept = needed(output, ids);
  if (kept === output) return pruned;
  return { kind: "project", child: pruned, expressions: kept };
}

/** The plan with its inputs pruned; its output has at least the needed columns, in their old order. */
function prune(plan: LogicalPlan, ids: Ids): LogicalPlan {
  switch (plan.kind) {
    case "local":
    case "range":
      return plan;
    case "files": {
      const output = needed(plan.output, ids);
      return output === plan.output ? plan : { ...plan, output };
    }
    case "cached": {
      const output = needed(plan.output, ids);
      if (output === plan.output) return plan;
      const ordinals = output.map((a) => plan.ordinals[plan.output.indexOf(a)]);
      return { ...plan, output, ordinals };
    }
    case "project": {
      const named = plan.expressions.map((e) => ({ id: attributeOf(e).id, e }));
      const kept = needed(named, ids);
      const expressions = kept === named ? plan.expressions : kept.map((item) => item.e);
      return over(
        plan,
        reading(new Set(), ...expressions),
        (child) => ({ ...plan, child, expressions }),
        kept === named,
      );
    }
    case "aggregate": {
      const named = plan.aggregates.map((e) => ({ id: attributeOf(e).id, e }));
      const kept = needed(named, ids);
      const aggregates = kept === named ? plan.aggregates : kept.map((item) => item.e);
      const below = reading(new Set(), ...plan.grouping, ...aggregates);
      return over(plan, below, (child) => ({ ...plan, child, aggregates }), kept === named);
    }
    case "mapColumns": {
      const output = needed(plan.output, reading(ids));
      const produced = idsOf(plan.produced);
      const below = reading(new Set([...idsOf(output)].filter((id) => !produced.has(id))), ...plan.inputs);
      return over(plan, below, (child) => ({ ...plan, child, output }), output === plan.output);
    }
    case "filter":
      return over(plan, reading(ids, plan.condition), (child) => ({ ...plan, child }));
    case "sort":
      return over(plan, reading(ids, ...plan.orders), (child) => ({ ...plan, child }));
    case "repartitionBy":
      return over(plan, reading(ids, ...plan.expressions), (child) => ({ ...plan, child }));
    case "observe":
      return over(plan, reading(ids, ...plan.metrics), (child) => ({ ...plan, child }));
    case "limit":
    case "sample":
    case "repartition":
    case "alias":
      return over(plan, ids, (child) => ({ ...plan, child }));
    case "join": {
      const below = plan.condition ? reading(ids, plan.condition) : ids;
      const [left, right] = [narrow(plan.left, below), narrow(plan.right, below)];
      return left === plan.left && right === plan.right ? plan : { ...plan, left, right };
    }
    case "union":
      return pruneUnion(plan, ids);
    case "derived":
      throw new Error(`${plan.name} is not analyzed`);
  }
}

/** Rebuilds a node of one input over the narrowed input, or returns it when nothing changed. */
function over<T extends LogicalPlan & { readonly child: LogicalPlan }>(
  plan: T,
  ids: Ids,
  make: (child: LogicalPlan) => LogicalPlan,
  unchanged = true,
): LogicalPlan {
  const child = narrow(plan.child, ids);
  return unchanged && child === plan.child ? plan : make(child);
}

/** Branches of a union correspond by position. */
function pruneUnion(plan: Union, ids: Ids): LogicalPlan {
  const all = outputOf(plan);
  const output = needed(all, ids);
  const positions = output.map((a) => all.indexOf(a));
  const children = plan.children.map((branch) => {
    const columns = positions.map((i) => outputOf(branch)[i]);
    const pruned = narrow(branch, idsOf(columns));
    const same = outputOf(pruned).length === columns.length && outputOf(pruned).every((a, i) => a.id === columns[i].id);
    return same ? pruned : ({ kind: "project", child: pruned, expressions: columns } as const);
  });
  const unchanged = output === all && children.every((child, i) => child === plan.children[i]);
  return unchanged ? plan : { ...plan, children, output };
}
