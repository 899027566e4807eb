import type { Expression } from "../expressions/index.js";
import { outputOf, type LogicalPlan } from "../plan/index.js";
import { booleanType } from "../types/index.js";
import { lambdaExpression, type RowLambda } from "./lambda.js";
import { udfExpression } from "./udf.js";

/** The plan of `df.filter(row => ...)`: a column expression where the function amounts to one, else a UDF of the whole row. */
export function lambdaFilter(lambda: RowLambda, child: LogicalPlan): LogicalPlan {
  const row: Expression = { kind: "call", name: "struct", args: outputOf(child) };
  const condition = lambdaExpression(lambda) ?? udfExpression(lambda, booleanType, [row], "filter");
  return { kind: "filter", child, condition };
}
