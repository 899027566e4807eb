import { AnalysisException } from "../../common/index.js";
import type { Expression } from "../expressions/index.js";
import { outputOf, type LogicalPlan } from "../plan/index.js";
import { parseLambda } from "./lambda-parser.js";

// eslint-disable-next-line typescript/no-explicit-any -- rows are typed by the caller
type RowLambda = (row: any) => unknown;

/**
 * The plan of `df.filter(row => ...)`: a column expression where the function's text can be read as one (so that the
 * optimizer sees it), with SQL's treatment of null: comparisons with null do not hold.
 */
export function lambdaCondition(lambda: RowLambda, child: LogicalPlan): LogicalPlan {
  const condition: Expression | undefined = parseLambda(lambda, outputOf(child));
  if (condition) return { kind: "filter", child, condition };
  throw new AnalysisException(
    `The function ${lambda.toString().slice(0, 200)} cannot be read as a column expression; write it with F.col(...) or as F.udf(fn, returnType).`,
    { condition: "UNSUPPORTED_LAMBDA" },
  );
}
