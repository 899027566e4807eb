import type { SparkConf } from "../../common/index.js";
import type { LogicalPlan } from "../plan/index.js";
import { batches } from "./batches.js";

/** A rewrite that keeps the meaning; returns the same plan when it changes nothing. */
export interface Rule {
  readonly name: string;
  apply(plan: LogicalPlan, conf: SparkConf): LogicalPlan;
}

/** Rules that run together, in order, until nothing changes or `limit` rounds are over. */
export interface Batch {
  readonly name: string;
  readonly limit: number;
  readonly rules: readonly Rule[];
}

/** Runs all batches over an analyzed plan. */
export function optimize(plan: LogicalPlan, conf: SparkConf): LogicalPlan {
  let current = plan;
  for (const { rules, limit } of batches) {
    for (let round = 0; round < limit; round++) {
      const before = current;
      for (const rule of rules) current = rule.apply(current, conf);
      if (current === before) break;
    }
  }
  return current;
}
