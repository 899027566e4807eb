import { AnalysisException } from "../../common/index.js";
import type { DataType } from "../types/index.js";
import type { CallExpression, Expression } from "./expression.js";
import { typeOf } from "./expression-type.js";
import type { Expected } from "./implicit-cast.js";
import { sqlText } from "./sql-text.js";

const quoted = (type: DataType): string => `"${type.sql()}"`;
const families: Readonly<Record<string, string>> = {
  timestamps: '("TIMESTAMP" or "TIMESTAMP WITHOUT TIME ZONE")',
  atomic: '"ATOMIC"',
};

/** Spark's text of what an argument may be. */
function expectedText(expected: Expected): string {
  if (Array.isArray(expected)) return `(${expected.map((one: Expected) => expectedText(one)).join(" or ")})`;
  if (typeof expected === "string") return families[expected] ?? `"${expected.toUpperCase()}"`;
  return quoted(expected as DataType);
}

/** `DATATYPE_MISMATCH.<condition>` of a call. */
export function typeMismatch(
  call: Expression,
  condition: string,
  detail: string,
  parameters: Readonly<Record<string, string>> = {},
): AnalysisException {
  const sqlExpr = `"${sqlText(call)}"`;
  return new AnalysisException(`Cannot resolve ${sqlExpr} due to data type mismatch: ${detail}`, {
    condition: `DATATYPE_MISMATCH.${condition}`,
    sqlState: "42K09",
    parameters: { sqlExpr, ...parameters },
  });
}

const ordinals = ["first", "second", "third", "fourth", "fifth"];

export function unexpectedInput(call: CallExpression, index: number, expected: Expected): AnalysisException {
  const inputSql = `"${sqlText(call.args[index])}"`;
  const inputType = quoted(typeOf(call.args[index]));
  const requiredType = expectedText(expected);
  const paramIndex = ordinals[index] ?? String(index + 1);
  return typeMismatch(
    call,
    "UNEXPECTED_INPUT_TYPE",
    `The ${paramIndex} parameter requires the ${requiredType} type, however ${inputSql} has the type ${inputType}.`,
    { paramIndex, requiredType, inputSql, inputType },
  );
}

export function differentTypes(call: CallExpression): AnalysisException {
  const [left, right] = call.args.map((arg) => quoted(typeOf(arg)));
  return typeMismatch(
    call,
    "BINARY_OP_DIFF_TYPES",
    `the left and right operands of the binary operator have incompatible types (${left} and ${right}).`,
    { left, right },
  );
}

export function wrongOperand(call: CallExpression, expected: Expected, actual: DataType): AnalysisException {
  return typeMismatch(
    call,
    "BINARY_OP_WRONG_TYPE",
    `the binary operator requires the input type ${expectedText(expected)}, not ${quoted(actual)}.`,
    { inputType: expectedText(expected), actualDataType: quoted(actual) },
  );
}

export function dataDiffTypes(call: CallExpression): AnalysisException {
  const functionName = `\`${call.name}\``;
  const dataType = `(${call.args.map((arg) => quoted(typeOf(arg))).join(" or ")})`;
  return typeMismatch(
    call,
    "DATA_DIFF_TYPES",
    `Input to ${functionName} should all be the same type, but it's ${dataType}.`,
    { functionName, dataType },
  );
}

/** Spark's error for types that have no order. */
export function notOrderable(call: CallExpression, type: DataType): AnalysisException {
  const functionName = `\`${call.name}\``;
  return typeMismatch(
    call,
    "INVALID_ORDERING_TYPE",
    `The ${functionName} does not support ordering on type ${quoted(type)}.`,
    { functionName, dataType: quoted(type) },
  );
}

export function wrongNumberOfArguments(call: CallExpression, expected: string): AnalysisException {
  const functionName = `\`${call.name}\``;
  const actualNum = String(call.args.length);
  return new AnalysisException(
    `The ${functionName} requires ${expected} parameters but the actual number is ${actualNum}.`,
    {
      condition: "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
      sqlState: "42605",
      parameters: { functionName, expectedNum: expected, actualNum, docroot: "https://spark.apache.org/docs/latest" },
    },
  );
}
