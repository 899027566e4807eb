import { isDeterministic, referencesOf, substitute, type Expression } from "../expressions/index.js";
import { type Filter, type Join, type LogicalPlan, outputOf, transformPlanDown } from "../plan/index.js";
import { conjunction, conjunctsOf } from "./conjuncts.js";
import type { Rule } from "./optimizer.js";

const filtered = (child: LogicalPlan, conditions: readonly Expression[]): LogicalPlan => {
  const condition = conjunction(conditions);
  return condition ? { kind: "filter", child, condition } : child;
};
const readsOnly = (e: Expression, ids: ReadonlySet<number>): boolean => [...referencesOf(e)].every((id) => ids.has(id));
const idsOf = (plan: LogicalPlan): Set<number> => new Set(outputOf(plan).map((a) => a.id));

/**
 * Moves conditions towards the data: through projections, sorts, exchanges, unions and batch functions, below an aggregate
 * when they read only its keys, and to the sides of a join that they read. Conditions with random parts stay where they are.
 */
export const pushDownFilter: Rule = {
  name: "PushDownPredicates",
  apply: (plan) => transformPlanDown(plan, (node) => (node.kind === "filter" ? pushed(node) : node)),
};

function pushed(filter: Filter): LogicalPlan {
  const conjuncts = conjunctsOf(filter.condition);
  const movable = conjuncts.filter(isDeterministic);
  // A random condition sees the rows that are left by the ones before it: then nothing may pass it.
  if (movable.length < conjuncts.length) return filter;
  const { child } = filter;
  switch (child.kind) {
    case "project": {
      if (!child.expressions.every(isDeterministic)) return filter;
      const definitions = new Map<number, Expression>();
      for (const e of child.expressions) if (e.kind === "alias" && e.id !== undefined) definitions.set(e.id, e.child);
      return {
        ...child,
        child: filtered(
          child.child,
          conjuncts.map((e) => substitute(e, definitions)),
        ),
      };
    }
    case "sort":
    case "repartitionBy":
      return { ...child, child: filtered(child.child, conjuncts) };
    case "union": {
      const output = outputOf(child);
      const children = child.children.map((branch) => {
        const columns = new Map(outputOf(branch).map((a, i) => [output[i].id, a as Expression]));
        return filtered(
          branch,
          conjuncts.map((e) => substitute(e, columns)),
        );
      });
      return { ...child, children };
    }
    case "mapColumns": {
      const below = idsOf(child.child);
      return split(
        filter,
        conjuncts,
        (e) => readsOnly(e, below),
        (some) => ({ ...child, child: filtered(child.child, some) }),
      );
    }
    case "aggregate": {
      const keys = new Set(child.grouping.flatMap((e) => (e.kind === "attribute" ? [e.id] : [])));
      if (keys.size === 0) return filter;
      return split(
        filter,
        conjuncts,
        (e) => readsOnly(e, keys),
        (some) => ({ ...child, child: filtered(child.child, some) }),
      );
    }
    case "join":
      return throughJoin(filter, child, conjuncts);
    default:
      return filter;
  }
}

/** Pushes the conjuncts that `test` accepts; the others stay above. */
function split(
  filter: Filter,
  conjuncts: readonly Expression[],
  test: (e: Expression) => boolean,
  push: (some: readonly Expression[]) => LogicalPlan,
): LogicalPlan {
  const below = conjuncts.filter(test);
  if (below.length === 0) return filter;
  return filtered(
    push(below),
    conjuncts.filter((e) => !test(e)),
  );
}

/** Which sides keep their rows as they are, so that a condition on them may be checked before the join. */
const preserved: Readonly<Record<Join["joinType"], readonly ("left" | "right")[]>> = {
  inner: ["left", "right"],
  cross: ["left", "right"],
  left: ["left"],
  right: ["right"],
  full: [],
  semi: ["left"],
  anti: ["left"],
};

function throughJoin(filter: Filter, join: Join, conjuncts: readonly Expression[]): LogicalPlan {
  const ids = { left: idsOf(join.left), right: idsOf(join.right) };
  const sideOf = (e: Expression): "left" | "right" | undefined =>
    preserved[join.joinType].find((s) => readsOnly(e, ids[s]));
  const left = conjuncts.filter((e) => sideOf(e) === "left");
  const right = conjuncts.filter((e) => sideOf(e) === "right");
  if (left.length + right.length === 0) return filter;
  const joined: Join = { ...join, left: filtered(join.left, left), right: filtered(join.right, right) };
  return filtered(
    joined,
    conjuncts.filter((e) => sideOf(e) === undefined),
  );
}
