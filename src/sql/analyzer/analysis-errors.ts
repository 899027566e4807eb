import { AnalysisException } from "../../common/index.js";
import type { AttributeExpression, Expression } from "../expressions/index.js";
import type { DataType } from "../types/index.js";
import { expressionName } from "./expression-name.js";

export const quoted = (parts: readonly string[]): string =>
  parts.map((p) => `\`${p.replaceAll("`", "``")}\``).join(".");
export const quotedType = (type: DataType): string => `"${type.sql()}"`;
export const quotedSql = (e: Expression): string => `"${expressionName(e)}"`;

/** Spark's UNRESOLVED_COLUMN with the five most similar names. */
export function unresolvedColumn(
  nameParts: readonly string[],
  scope: readonly AttributeExpression[],
): AnalysisException {
  const objectName = quoted(nameParts);
  const sameQualifier = scope.every((a) => a.qualifier.join(".") === scope[0].qualifier.join("."));
  const wanted = nameParts.join(".");
  const candidates = scope
    .map((a) => (sameQualifier && nameParts.length === 1 ? [a.name] : [...a.qualifier, a.name]))
    .map((parts) => ({ parts, distance: levenshtein(wanted, parts.join(".")) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 5)
    .map(({ parts }) => quoted(parts));
  const problem = `A column, variable, or function parameter with name ${objectName} cannot be resolved.`;
  if (candidates.length === 0) {
    return new AnalysisException(problem, {
      condition: "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
      sqlState: "42703",
      parameters: { objectName },
    });
  }
  const proposal = candidates.join(", ");
  return new AnalysisException(`${problem} Did you mean one of the following? [${proposal}].`, {
    condition: "UNRESOLVED_COLUMN.WITH_SUGGESTION",
    sqlState: "42703",
    parameters: { objectName, proposal },
  });
}

export function ambiguousReference(
  nameParts: readonly string[],
  found: readonly AttributeExpression[],
): AnalysisException {
  const name = quoted(nameParts);
  const referenceNames = `[${found.map((a) => quoted([...a.qualifier, a.name])).join(", ")}]`;
  return new AnalysisException(`Reference ${name} is ambiguous, could be: ${referenceNames}.`, {
    condition: "AMBIGUOUS_REFERENCE",
    sqlState: "42704",
    parameters: { name, referenceNames },
  });
}

export function missingAttribute(
  name: string,
  scope: readonly AttributeExpression[],
  operator: string,
): AnalysisException {
  const input = scope.map((a) => `"${a.name}"`).join(", ");
  return new AnalysisException(
    `Resolved attribute(s) "${name}" missing from ${input} in operator ${operator}; it belongs to a DataFrame that this one does not come from.`,
    {
      condition: "MISSING_ATTRIBUTES.RESOLVED_ATTRIBUTE_MISSING_FROM_INPUT",
      sqlState: "XX000",
      parameters: { missingAttributes: `"${name}"`, input, operator },
    },
  );
}

export function noSuchField(name: string, names: readonly string[]): AnalysisException {
  return new AnalysisException(`Cannot resolve column name "${name}" among (${names.join(", ")}).`, {
    condition: "UNRESOLVED_COLUMN_AMONG_FIELD_NAMES",
    sqlState: "42703",
    parameters: { colName: `"${name}"`, fieldNames: names.join(", ") },
  });
}

export function notBoolean(kind: "FILTER" | "JOIN_CONDITION", e: Expression, type: DataType): AnalysisException {
  const [condition, text] =
    kind === "FILTER"
      ? ["DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN", "Filter expression"]
      : ["JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE", "The join condition"];
  const sqlExpr = quotedSql(e);
  return new AnalysisException(
    `Cannot resolve ${sqlExpr} due to data type mismatch: ${text} ${sqlExpr} of type ${quotedType(type)} is not a boolean.`,
    { condition, sqlState: "42K09", parameters: { sqlExpr, filter: sqlExpr, type: quotedType(type) } },
  );
}

/** Edit distance, case folded. */
function levenshtein(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
