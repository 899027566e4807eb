import type { LogicalPlan } from "../plan/index.js";

/** One rewrite of a resolved plan: same rows, same output attributes; the same object when it has nothing to do. */
export interface Rule {
  /** Spark's name of the rule. */
  readonly name: string;
  apply(plan: LogicalPlan): LogicalPlan;
}
