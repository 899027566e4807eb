import type { Expression } from "../expressions/index.js";
import { transformPlanUp } from "../plan/index.js";
import { conjunction, conjunctsOf } from "./conjuncts.js";
import type { Rule } from "./optimizer.js";

const isTrue = (e: Expression): boolean => e.kind === "literal" && e.value === true;

/** Drops conditions that are always true. */
export const pruneFilters: Rule = {
  name: "PruneFilters",
  apply: (plan) =>
    transformPlanUp(plan, (node) => {
      if (node.kind !== "filter") return node;
      const conjuncts = conjunctsOf(node.condition);
      const kept = conjuncts.filter((e) => !isTrue(e));
      if (kept.length === conjuncts.length) return node;
      const condition = conjunction(kept);
      return condition ? { ...node, condition } : node.child;
    }),
};
