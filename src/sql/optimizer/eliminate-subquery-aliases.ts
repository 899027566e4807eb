import { transformPlanUp } from "../plan/index.js";
import type { Rule } from "./rule.js";

/** Names of subqueries have served once the analyzer is done. */
export const eliminateSubqueryAliases: Rule = {
  name: "EliminateSubqueryAliases",
  apply: (plan) => transformPlanUp(plan, (node) => (node.kind === "alias" ? node.child : node)),
};
