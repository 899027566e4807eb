import { transformPlanUp } from "../plan/index.js";
import type { Rule } from "./optimizer.js";

/** Removes table aliases: `a.x` is an attribute by now. */
export const eliminateAliases: Rule = {
  name: "EliminateSubqueryAliases",
  apply: (plan) => transformPlanUp(plan, (node) => (node.kind === "alias" ? node.child : node)),
};
