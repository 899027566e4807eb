import {
  evalConstant,
  isFoldable,
  transformUp,
  typeOf,
  type EvalContext,
  type Expression,
} from "../expressions/index.js";
import { mapExpressions, transformPlanUp } from "../plan/index.js";
import type { Rule } from "./optimizer.js";

/** Computes expressions without columns once, here. One that fails is left, so that it fails only if a row needs it. */
export const constantFolding: Rule = {
  name: "ConstantFolding",
  apply(plan, conf) {
    const context = { timeZone: conf.value("timeZone"), partitionId: 0, now: BigInt(Date.now()) * 1000n };
    const folded = (e: Expression): Expression => fold(e, context);
    return transformPlanUp(plan, (node) => mapExpressions(node, (e) => transformUp(e, folded)));
  },
};

function fold(e: Expression, context: EvalContext): Expression {
  if (e.kind === "literal" || e.kind === "alias" || e.kind === "sort" || !isFoldable(e)) return e;
  try {
    const value = evalConstant(e, context);
    return { kind: "literal", value, type: typeOf(e), nullable: value === null };
  } catch {
    return e;
  }
}
