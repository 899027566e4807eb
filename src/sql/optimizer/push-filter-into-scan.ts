import { transformPlanUp } from "../plan/index.js";
import { conjunctsOf } from "./conjuncts.js";
import type { Rule } from "./optimizer.js";

/** Tells a file scan the conditions right above it, by which it may skip data; the filter itself stays. */
export const pushFilterIntoScan: Rule = {
  name: "PushFilterIntoScan",
  apply: (plan) =>
    transformPlanUp(plan, (node) => {
      if (node.kind !== "filter" || node.child.kind !== "files") return node;
      const filters = conjunctsOf(node.condition);
      const { child } = node;
      const known = child.filters.length === filters.length && filters.every((e, i) => e === child.filters[i]);
      return known ? node : { ...node, child: { ...child, filters } };
    }),
};
