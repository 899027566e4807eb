import { AnalysisException } from "../../common/index.js";
import type { Expression } from "../expressions/index.js";
import { operandsOf, sameExpression, someExpression, typeOf, type Aggregate, type LogicalPlan } from "../plan/index.js";
import { MapType, UserDefinedType, type DataType } from "../types/index.js";
import { quotedSql, quotedType } from "./analysis-errors.js";
import type { AnalysisContext } from "./analyzer.js";
import { expressionName } from "./expression-name.js";
import { isAggregateCall } from "./resolve-call.js";
import { expandStars, resolveNamed } from "./named-expressions.js";

/** `groupBy(...).agg(...)`, or a `select` of aggregate functions. */
export function resolveAggregate(node: Aggregate, context: AnalysisContext): LogicalPlan {
  const scope = context.scope("Aggregate", node.child);
  const keys = expandStars(node.grouping, scope).map((e) => resolveNamed(e, scope));
  for (const key of keys) {
    if (someExpression(key, isAggregateCall)) throw aggregateInGroupBy(key);
    if (!isGroupable(typeOf(key))) throw notGroupable(key);
  }
  const grouping = keys.map(valueOf);
  const aggregates = expandStars(node.aggregates, scope).map((e) => {
    const resolved = resolveNamed(e, scope);
    // `groupBy(a + 1)` lists the same expression as output: share the name and id given above.
    const key = keys.findIndex(
      (k) => sameExpression(valueOf(k), valueOf(resolved)) && k.kind === "alias" && e.kind !== "alias",
    );
    const item = key >= 0 ? keys[key] : resolved;
    check(valueOf(item), grouping);
    return item;
  });
  return { ...node, grouping, aggregates };
}

const valueOf = (e: Expression): Expression => (e.kind === "alias" ? e.child : e);

function check(e: Expression, grouping: readonly Expression[]): void {
  if (grouping.some((key) => sameExpression(key, e))) return;
  if (isAggregateCall(e)) {
    for (const operand of operandsOf(e)) if (someExpression(operand, isAggregateCall)) throw nestedAggregate();
    return;
  }
  if (e.kind === "attribute") throw grouping.length === 0 ? missingGroupBy() : missingAggregation(e);
  for (const operand of operandsOf(e)) check(operand, grouping);
}

function isGroupable(type: DataType): boolean {
  return !(type instanceof MapType) && !(type instanceof UserDefinedType && !(type.typeName() === "vector"));
}

function nestedAggregate(): AnalysisException {
  return new AnalysisException(
    "It is not allowed to use an aggregate function in the argument of another aggregate function. Please use the inner aggregate function in a sub-query.",
    { condition: "NESTED_AGGREGATE_FUNCTION", sqlState: "42607" },
  );
}
function missingGroupBy(): AnalysisException {
  return new AnalysisException(
    "The query does not include a GROUP BY clause. Add GROUP BY or turn it into the window functions using OVER clauses.",
    { condition: "MISSING_GROUP_BY", sqlState: "42803" },
  );
}
function missingAggregation(e: Expression): AnalysisException {
  const expression = quotedSql(e);
  const expressionAnyValue = `"any_value(${expressionName(e)})"`;
  return new AnalysisException(
    `The non-aggregating expression ${expression} is based on columns which are not participating in the GROUP BY clause.\nAdd the columns or the expression to the GROUP BY, aggregate the expression, or use ${expressionAnyValue} if you do not care which of the values within a group is returned.`,
    { condition: "MISSING_AGGREGATION", sqlState: "42803", parameters: { expression, expressionAnyValue } },
  );
}
function aggregateInGroupBy(e: Expression): AnalysisException {
  const sqlExpr = expressionName(valueOf(e));
  return new AnalysisException(`Aggregate functions are not allowed in GROUP BY, but found ${sqlExpr}.`, {
    condition: "GROUP_BY_AGGREGATE",
    sqlState: "42903",
    parameters: { sqlExpr },
  });
}
function notGroupable(e: Expression): AnalysisException {
  const sqlExpr = quotedSql(valueOf(e));
  const dataType = quotedType(typeOf(e));
  return new AnalysisException(
    `The expression ${sqlExpr} cannot be used as a grouping expression because its data type ${dataType} is not an orderable data type.`,
    { condition: "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE", sqlState: "42822", parameters: { sqlExpr, dataType } },
  );
}
