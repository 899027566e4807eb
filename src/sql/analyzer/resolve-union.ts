import { AnalysisException } from "../../common/index.js";
import type { AttributeExpression, Expression } from "../expressions/index.js";
import { newExpressionId, outputOf, type LogicalPlan, type Union } from "../plan/index.js";
import type { DataType } from "../types/index.js";
import { quotedType } from "./analysis-errors.js";
import { castTo, widerType } from "../expressions/index.js";

/** Checks the inputs of a union, widens their columns to common types and gives the output its attributes. */
export function resolveUnion(node: Union): LogicalPlan {
  const [first, ...others] = node.children;
  checkCompatible("UNION", first, others);
  const outputs = node.children.map(outputOf);
  const types = outputs[0].map((a, i) =>
    outputs.slice(1).reduce((type, output) => widerType(type, output[i].type) ?? type, a.type),
  );
  const children = node.children.map((child) => widened(child, types));
  const widenedOutputs = children.map(outputOf);
  const output = widenedOutputs[0].map((a, i): AttributeExpression => ({
    ...a,
    id: newExpressionId(),
    qualifier: [],
    nullable: widenedOutputs.some((o) => o[i].nullable),
  }));
  return { ...node, children, output };
}

/** Throws Spark's errors unless the inputs have equally many columns of compatible types. */
export function checkCompatible(operator: string, first: LogicalPlan, others: readonly LogicalPlan[]): void {
  const expected = outputOf(first);
  others.forEach((other, k) => {
    const output = outputOf(other);
    if (output.length !== expected.length) throw columnCount(operator, expected.length, output.length, k);
    output.forEach((a, i) => {
      if (!widerType(expected[i].type, a.type)) throw incompatible(operator, expected[i].type, a.type, i, k);
    });
  });
}

const ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];
const ordinalWord = (i: number): string => ordinals[i] ?? `${i + 1}th`;

function columnCount(operator: string, first: number, invalid: number, k: number): AnalysisException {
  return new AnalysisException(
    `${operator} can only be performed on inputs with the same number of columns, but the first input has ${first} columns and the ${ordinalWord(k + 1)} input has ${invalid} columns.`,
    {
      condition: "NUM_COLUMNS_MISMATCH",
      sqlState: "42826",
      parameters: {
        operator,
        firstNumColumns: String(first),
        invalidOrdinalNum: ordinalWord(k + 1),
        invalidNumColumns: String(invalid),
      },
    },
  );
}

function incompatible(operator: string, first: DataType, other: DataType, i: number, k: number): AnalysisException {
  const hint = "";
  const parameters = {
    operator,
    columnOrdinalNumber: ordinalWord(i),
    tableOrdinalNumber: ordinalWord(k + 1),
    dataType1: quotedType(other),
    dataType2: quotedType(first),
    hint,
  };
  return new AnalysisException(
    `${operator} can only be performed on tables with compatible column types. The ${parameters.columnOrdinalNumber} column of the ${parameters.tableOrdinalNumber} table is ${parameters.dataType1} type which is not compatible with ${parameters.dataType2} at the same column of the first table.${hint}.`,
    { condition: "INCOMPATIBLE_COLUMN_TYPE", sqlState: "42825", parameters },
  );
}

/** The plan with its columns cast to the types; the same plan when they have them. */
export function widened(plan: LogicalPlan, types: readonly DataType[]): LogicalPlan {
  const output = outputOf(plan);
  if (output.every((a, i) => a.type.equals(types[i]))) return plan;
  const expressions = output.map((a, i): Expression =>
    a.type.equals(types[i])
      ? a
      : { kind: "alias", child: castTo(a, types[i]), name: a.name, id: newExpressionId(), metadata: a.metadata },
  );
  return { kind: "project", child: plan, expressions };
}
