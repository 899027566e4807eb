import { AnalysisException } from "../../common/index.js";
import type { Expression } from "../expressions/index.js";
import { outputOf, typeOf, type LogicalPlan, type Sort } from "../plan/index.js";
import { ArrayType, MapType, StructType, UserDefinedType, type DataType } from "../types/index.js";
import { quotedSql, quotedType } from "./analysis-errors.js";
import type { AnalysisContext } from "./analyzer.js";
import { resolveExpression } from "./resolve-expression.js";
import { withMissing } from "./with-missing.js";

export function resolveSort(node: Sort, context: AnalysisContext): LogicalPlan {
  const output = outputOf(node.child);
  return withMissing(
    node.child,
    node.orders,
    context,
    "Sort",
    (child, scope) => {
      const orders = node.orders.map((order): Expression => {
        const e = resolveExpression(order, scope);
        if (!isOrderable(typeOf(e))) throw notOrderable(e);
        return e.kind === "sort" ? e : { kind: "sort", child: e, ascending: true, nullsFirst: true };
      });
      return { ...node, child, orders };
    },
    output,
  );
}

/** Whether rows can be sorted by the type. */
export function isOrderable(type: DataType): boolean {
  if (type instanceof MapType || type instanceof UserDefinedType) return false;
  if (type instanceof ArrayType) return isOrderable(type.elementType);
  if (type instanceof StructType) return type.fields.every((field) => isOrderable(field.dataType));
  return true;
}

function notOrderable(e: Expression): AnalysisException {
  const sqlExpr = quotedSql(e);
  const dataType = quotedType(typeOf(e));
  return new AnalysisException(
    `Cannot resolve ${sqlExpr} due to data type mismatch: The sortorder does not support ordering on type ${dataType}.`,
    {
      condition: "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
      sqlState: "42K09",
      parameters: { functionName: "`sortorder`", dataType, sqlExpr },
    },
  );
}
