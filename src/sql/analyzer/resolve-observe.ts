import { AnalysisException } from "../../common/index.js";
import type { LogicalPlan, Observe } from "../plan/index.js";
import type { AnalysisContext } from "./analyzer.js";
import { resolveAggregate } from "./resolve-aggregate.js";

/** `observe(...)`: aggregates of all rows, as in a `select` of aggregates. */
export function resolveObserve(node: Observe, context: AnalysisContext): LogicalPlan {
  const { child, metrics } = node;
  try {
    const resolved = resolveAggregate({ kind: "aggregate", child, grouping: [], aggregates: metrics }, context);
    return resolved.kind === "aggregate" ? { ...node, metrics: resolved.aggregates } : node;
  } catch (cause) {
    if (!(cause instanceof AnalysisException) || cause.condition !== "MISSING_GROUP_BY") throw cause;
    throw new AnalysisException(
      "Invalid observed metrics. A column can only be used as an argument to an aggregate function.",
      { condition: "INVALID_OBSERVED_METRICS.NON_AGGREGATE_FUNC_ARG_IS_ATTRIBUTE", sqlState: "42K0E", cause },
    );
  }
}
