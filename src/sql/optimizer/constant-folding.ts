import {
  evalConstant,
  isFoldable,
  transformUp,
  typeOf,
  type EvalContext,
  type Expression,
} from "../expressions/index.js";
import { mapExpressions, transformPlanUp } from "../plan/index.js";
import type { Rule } from "./rule.js";

/** Computes expressions without columns once, here. One that fails is left, so that it fails only if a row needs it. */
export const constantFolding = (context: EvalContext): Rule => {
  const fold = (e: Expression): Expression => {
    if (e.kind === "literal" || e.kind === "alias" || e.kind === "sort" || !isFoldable(e)) return e;
    try {
      const value = evalConstant(e, context);
      return { kind: "literal", value, type: typeOf(e), nullable: value === null };
    } catch {
      return e;
    }
  };
  return {
    name: "ConstantFolding",
    apply: (plan) => transformPlanUp(plan, (node) => mapExpressions(node, (e) => transformUp(e, fold))),
  };
};
