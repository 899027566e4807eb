import type { DataFrame, SparkSession } from "../../src/sql/api/index.js";
import { parseDDL, type StructType } from "../../src/sql/types/index.js";
import { Estimator, Evaluator, type Params, Transformer } from "../../src/ml/base/index.js";
import type { StageTestCase } from "../../src/ml/base/index.js";

/** A stage under contract: how to make it, and data it declares to work on. */
export interface Subject {
  readonly name: string;
  readonly spark: SparkSession;
  create(): Params;
  readonly testCase: StageTestCase;
}

export type Row = readonly unknown[];

/** What a stage answers: the columns and rows after it, or the metric of an evaluator. */
export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export const schemaOf = (subject: Subject): StructType => parseDDL(subject.testCase.schema);

/** The declared rows in contiguous partitions. */
export const frame = (subject: Subject, partitions = 1, rows: readonly Row[] = subject.testCase.rows): DataFrame =>
  subject.spark.createDataFrame(rows as unknown[][], schemaOf(subject), partitions);

/** Fits when the stage is an estimator, then transforms or evaluates. */
export async function answer(stage: Params, train: DataFrame, test: DataFrame = train): Promise<Answer> {
  if (stage instanceof Evaluator) return { columns: ["metric"], rows: [[await stage.evaluate(test)]] };
  return collected(((await fittedStage(stage, train)) as Transformer).transform(test));
}

export async function fittedStage(stage: Params, train: DataFrame): Promise<Params> {
  if (stage instanceof Estimator) return (await stage.fit(train)) as Params;
  if (stage instanceof Transformer || stage instanceof Evaluator) return stage;
  throw new TypeError(`${stage.uid} is neither an estimator nor a transformer nor an evaluator`);
}

export async function collected(df: DataFrame): Promise<Answer> {
  const columns = (await df.schema()).fieldNames;
  return { columns, rows: (await df.collect()).map((row) => row.toArray().map(plain)) };
}

/** Vectors, rows and dates as plain JSON, so that answers compare by value. */
export function plain(value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return value;
  if (value instanceof Date) return value.getTime();
  if (value instanceof Map) return [...value].map(([key, item]) => [plain(key), plain(item)]);
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return Array.from(value as Iterable<unknown>, plain);
  if (typeof value === "object" && value !== null && "toJSON" in value) {
    const json = (value as { toJSON(): Record<string, unknown> }).toJSON();
    return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, plain(item)]));
  }
  return value;
}

/** Where two answers differ by more than a relative tolerance; at most three places. */
export function differences(a: unknown, b: unknown, tolerance: number, path = ""): string[] {
  if (typeof a === "number" && typeof b === "number") {
    const same = Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b));
    return same ? [] : [`${path}: ${a} and ${b}`];
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    if (a.length !== b.length) return [`${path}: ${a.length} and ${b.length} items`];
    return a.flatMap((item, i) => differences(item, b[i], tolerance, `${path}[${i}]`)).slice(0, 3);
  }
  if (typeof a === "object" && typeof b === "object" && a !== null && b !== null) {
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    const of = (object: object, key: string): unknown => (object as Record<string, unknown>)[key];
    return keys.flatMap((key) => differences(of(a, key), of(b, key), tolerance, `${path}.${key}`)).slice(0, 3);
  }
  return a === b ? [] : [`${path}: ${JSON.stringify(a)} and ${JSON.stringify(b)}`];
}
