import { isDeterministic } from "../expressions/index.js";
import { transformPlanUp } from "../plan/index.js";
import { conjunction } from "./conjuncts.js";
import type { Rule } from "./optimizer.js";

/** Two filters in a row become one; not across a random condition, which must see the rows it saw. */
export const combineFilters: Rule = {
  name: "CombineFilters",
  apply: (plan) =>
    transformPlanUp(plan, (node) => {
      if (node.kind !== "filter" || node.child.kind !== "filter") return node;
      const { child, condition } = node;
      if (!isDeterministic(condition) || !isDeterministic(child.condition)) return node;
      return { ...child, condition: conjunction([child.condition, condition])! };
    }),
};
