import { transformUp, typeOf, type Expression } from "../expressions/index.js";
import { mapExpressions, transformPlanUp } from "../plan/index.js";
import type { Rule } from "./optimizer.js";

const simplified = (e: Expression): Expression => (e.kind === "cast" && typeOf(e.child).equals(e.type) ? e.child : e);

/** Drops casts to the type a value already has. */
export const simplifyCasts: Rule = {
  name: "SimplifyCasts",
  apply: (plan) => transformPlanUp(plan, (node) => mapExpressions(node, (e) => transformUp(e, simplified))),
};
