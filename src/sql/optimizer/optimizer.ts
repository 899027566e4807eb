import type { SparkConf } from "../../common/index.js";
import { type LogicalPlan, outputOf } from "../plan/index.js";
import { batches } from "./batches.js";

/** A rewrite that keeps rows and output attributes; returns the same plan when it changes nothing. */
export interface Rule {
  /** Spark's name of the rule. */
  readonly name: string;
  apply(plan: LogicalPlan, conf: SparkConf): LogicalPlan;
}

/** Rules that run together, in order, until nothing changes or `limit` rounds are over. */
export interface Batch {
  readonly name: string;
  readonly limit: number;
  readonly rules: readonly Rule[];
}

/** Called for every rule that changed the plan. */
export type RuleTrace = (rule: string, before: LogicalPlan, after: LogicalPlan) => void;

/** Runs all batches over an analyzed plan. */
export function optimize(plan: LogicalPlan, conf: SparkConf, trace?: RuleTrace): LogicalPlan {
  let current = plan;
  for (const { rules, limit } of batches) {
    for (let round = 0; round < limit; round++) {
      const before = current;
      for (const rule of rules) current = applyRule(rule, current, conf, trace);
      if (current === before) break;
    }
  }
  return current;
}

/** Applies one rule and checks that it kept the plan's columns. */
export function applyRule(rule: Rule, plan: LogicalPlan, conf: SparkConf, trace?: RuleTrace): LogicalPlan {
  const after = rule.apply(plan, conf);
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
