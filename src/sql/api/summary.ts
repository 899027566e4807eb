import { IllegalArgumentException } from "../../common/index.js";
import { type AttributeExpression, columnReader, type Expression } from "../expressions/index.js";
import { newExpressionId, outputOf, type Derived, type LogicalPlan } from "../plan/index.js";
import { batchesOf, collectBlocks } from "../physical/index.js";
import {
  doubleType,
  integerType,
  NumericType,
  stringType,
  StringType,
  StructField,
  StructType,
  type DataType,
} from "../types/index.js";
import type { DataFrame } from "./dataframe.js";
import { attributesNamed } from "./derived-plans.js";
import { literal } from "./literal.js";
import { localRelation } from "./local-relation.js";

const describeStatistics = ["count", "mean", "stddev", "min", "max"];
const summaryStatistics = ["count", "mean", "stddev", "min", "25%", "50%", "75%", "max"];

/** `describe()`: count, mean, standard deviation, minimum and maximum of numeric and string columns. */
export const describePlan =
  (df: DataFrame, columns: readonly string[]): Derived["build"] =>
  ([child]) =>
    statistics(
      df,
      child,
      columns.length === 0 ? describable(child) : attributesNamed(child, columns, false),
      describeStatistics,
    );

/** `summary()`: the given statistics, or those of `describe` with quartiles. */
export const summaryPlan =
  (df: DataFrame, names: readonly string[]): Derived["build"] =>
  ([child]) =>
    statistics(df, child, describable(child), names.length === 0 ? summaryStatistics : names);

const isNumeric = (type: DataType): boolean => type instanceof NumericType;
const describable = (plan: LogicalPlan): AttributeExpression[] =>
  outputOf(plan).filter((a) => isNumeric(a.type) || a.type instanceof StringType);

const call = (name: string, ...args: Expression[]): Expression => ({ kind: "call", name, args });

function statistic(name: string, a: AttributeExpression): Expression {
  const numbers: Expression =
    a.type instanceof StringType ? { kind: "cast", child: a, type: doubleType, lenient: true } : a;
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(name);
  if (percent) {
    const fraction = Number(percent[1]) / 100;
    if (fraction > 1) throw new IllegalArgumentException("requirement failed: Percentiles must be in the range [0, 1]");
    return call("percentile_approx", numbers, literal(fraction, doubleType), literal(10_000, integerType));
  }
  switch (name.toLowerCase()) {
    case "count":
    case "min":
    case "max":
    case "approx_count_distinct":
      return call(name.toLowerCase(), a);
    case "count_distinct":
      return { kind: "call", name: "count", args: [a], distinct: true };
    case "mean":
    case "stddev":
      return call(name.toLowerCase() === "mean" ? "avg" : "stddev", numbers);
  }
  throw new IllegalArgumentException(`requirement failed: ${name} is not a recognised statistic`);
}

/** Runs the aggregation and lays its single row out as one row a statistic. */
async function statistics(
  df: DataFrame,
  child: LogicalPlan,
  columns: readonly AttributeExpression[],
  names: readonly string[],
): Promise<LogicalPlan> {
  const { state } = df.sparkSession;
  const aggregates = names.flatMap((name) =>
    columns.map((a): Expression => {
      const value: Expression = { kind: "cast", child: statistic(name, a), type: stringType, lenient: false };
      return { kind: "alias", child: value, name: `${name}(${a.name})`, id: newExpressionId() };
    }),
  );
  let values: unknown[] = [];
  if (aggregates.length > 0) {
    const plan = await state.analyzer.analyze({ kind: "aggregate", child, grouping: [], aggregates });
    const blocks = await state.run("summary", plan, {}, async ({ partitions }, context) =>
      (await context.runStage("summary", partitions, collectBlocks, { limit: 1, kernels: false })).flat(),
    );
    values = batchesOf(blocks).flatMap((batch) => batch.columns.map((column) => columnReader(column)(0)));
  }
  const schema = new StructType([
    new StructField("summary", stringType),
    ...columns.map((a) => new StructField(a.name, stringType)),
  ]);
  const rows = names.map((name, i) => [name, ...values.slice(i * columns.length, (i + 1) * columns.length)]);
  return localRelation(rows, schema, 1);
}
