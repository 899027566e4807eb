import type { EvalContext } from "../expressions/index.js";
import { type LogicalPlan, outputOf } from "../plan/index.js";
import { batches } from "./batches.js";
import type { Rule } from "./rule.js";

/** Called for every rule that changed the plan. */
export type RuleTrace = (rule: string, before: LogicalPlan, after: LogicalPlan) => void;

/** Rewrites a resolved plan until no rule has anything to do. */
export function optimize(plan: LogicalPlan, context: EvalContext, trace?: RuleTrace): LogicalPlan {
  let current = plan;
  for (const batch of batches(context)) {
    for (let round = 0; round < batch.rounds; round++) {
      const before = current;
      for (const rule of batch.rules) current = applyRule(rule, current, trace);
      if (current === before) break;
    }
  }
  return current;
}

/** Applies one rule and checks that it kept the plan's columns. */
export function applyRule(rule: Rule, plan: LogicalPlan, trace?: RuleTrace): LogicalPlan {
  const after = rule.apply(plan);
  if (after === plan) return plan;
  const ids = (p: LogicalPlan): string =>
    outputOf(p)
      .map((a) => a.id)
      .join(",");
  if (ids(after) !== ids(plan)) {
    throw new Error(`the rule ${rule.name} changed the columns of the plan from ${ids(plan)} to ${ids(after)}`);
  }
  trace?.(rule.name, plan, after);
  return after;
}
