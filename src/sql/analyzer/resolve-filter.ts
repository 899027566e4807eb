import { AnalysisException } from "../../common/index.js";
import type { Expression } from "../expressions/index.js";
import { operandsOf, outputOf, someExpression, typeOf, type Filter, type LogicalPlan } from "../plan/index.js";
import { BooleanType, NullType } from "../types/index.js";
import { notBoolean, quotedSql } from "./analysis-errors.js";
import type { AnalysisContext } from "./analyzer.js";
import { expressionName } from "./expression-name.js";
import { isAggregateCall } from "./resolve-call.js";
import { resolveExpression } from "./resolve-expression.js";
import { withMissing } from "./with-missing.js";

export function resolveFilter(node: Filter, context: AnalysisContext): LogicalPlan {
  return withMissing(
    node.child,
    [node.condition],
    context,
    "Filter",
    (child, scope) => {
      const condition = resolveExpression(node.condition, scope);
      if (someExpression(condition, isAggregateCall)) throw aggregateInFilter(condition);
      const type = typeOf(condition);
      if (!(type instanceof BooleanType) && !(type instanceof NullType)) throw notBoolean("FILTER", condition, type);
      return { ...node, child, condition };
    },
    outputOf(node.child),
  );
}

function aggregateInFilter(condition: Expression): AnalysisException {
  const found: string[] = [];
  const visit = (e: Expression): void => {
    if (isAggregateCall(e)) found.push(expressionName(e));
    else operandsOf(e).forEach(visit);
  };
  visit(condition);
  const expressionText = found.join(", ");
  return new AnalysisException(
    `The WHERE condition ${quotedSql(condition)} contains invalid expressions: ${expressionText}.\nRewrite the query to avoid window functions, aggregate functions, and generator functions in the WHERE clause.`,
    {
      condition: "INVALID_WHERE_CONDITION",
      sqlState: "42903",
      parameters: { condition: quotedSql(condition), expressionList: expressionText },
    },
  );
}
