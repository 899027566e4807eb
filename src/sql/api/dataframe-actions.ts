import type { PartitionFunction, StageOutput } from "../../exec/index.js";
import type { RDD } from "../../rdd/index.js";
import type { ExecutionContext } from "../physical/index.js";
import { newPlanId, outputOf, type LogicalPlan } from "../plan/index.js";
import { StructField, StructType, treeString, type Row } from "../types/index.js";
import * as actions from "./actions.js";
import { explainText, type ExplainMode } from "./explain.js";
import { dataFrameRdd } from "./rdd-bridge/dataframe-rdd.js";
import type { RunOptions } from "./session-state.js";
import { showText } from "./show.js";
import type { SparkSession } from "./spark-session.js";

/** What can be asked of a DataFrame: its schema, its plans, and the actions that run it. */
export abstract class DataFrameActions {
  readonly sparkSession: SparkSession;
  /** The plan as it was written; not part of Spark's API. */
  readonly plan: LogicalPlan;

  constructor(session: SparkSession, plan: LogicalPlan) {
    this.sparkSession = session;
    this.plan = plan.planId === undefined ? { ...plan, planId: newPlanId() } : plan;
  }

  abstract limit(count: number): DataFrameActions;
  abstract select(): DataFrameActions;

  /** The resolved plan; analysis errors surface here. */
  analyzed(): Promise<LogicalPlan> {
    return this.sparkSession.state.analyzer.analyze(this.plan);
  }

  /** The rows as an RDD, in the partitions they lie in. */
  get rdd(): RDD<Row> {
    return dataFrameRdd(this);
  }

  /** Feeds every partition to a registered partition function; results in partition order. */
  runPartitions<R>(name: string, payload: unknown, options: RunOptions = {}): Promise<R[]> {
    return actions.runPartitions<R>(this, name, payload, options);
  }

  /** Feeds every partition to a partition function whose results stay, and can be computed again, until `body` is done. */
  keepPartitions<P, R, T>(
    sink: PartitionFunction<P, R>,
    payload: P,
    options: RunOptions,
    body: (output: StageOutput<R>, context: ExecutionContext) => Promise<T>,
  ): Promise<T> {
    return actions.keepPartitions(this, sink, payload, options, body);
  }

  async schema(): Promise<StructType> {
    const output = outputOf(await this.analyzed());
    return new StructType(output.map((a) => new StructField(a.name, a.type, a.nullable, a.metadata)));
  }
  async columns(): Promise<string[]> {
    return outputOf(await this.analyzed()).map((a) => a.name);
  }
  async dtypes(): Promise<[string, string][]> {
    return outputOf(await this.analyzed()).map((a) => [a.name, a.type.simpleString()]);
  }
  async printSchema(): Promise<void> {
    console.log(treeString(await this.schema()));
  }
  /** Prints the physical plan; `true` or "extended" all four plans, "codegen" the generated code. */
  async explain(mode: boolean | ExplainMode = "simple"): Promise<void> {
    console.log(await explainText(this, mode === true ? "extended" : mode === false ? "simple" : mode));
  }
  async show(rows: number = 20, truncate: boolean | number = true, vertical: boolean = false): Promise<void> {
    process.stdout.write(`${await showText(this, rows, truncate, vertical)}\n`);
  }
  collect(options: RunOptions = {}): Promise<Row[]> {
    return actions.collect(this, options);
  }
  /** Rows one by one, a partition at a time in memory. */
  toLocalIterator(options: RunOptions = {}): AsyncGenerator<Row> {
    return actions.toLocalIterator(this, options);
  }
  count(options: RunOptions = {}): Promise<number> {
    return actions.count(this, options);
  }
  take(count: number, options: RunOptions = {}): Promise<Row[]> {
    return this.limit(count).collect(options);
  }
  tail(count: number, options: RunOptions = {}): Promise<Row[]> {
    return actions.tail(this, count, options);
  }
  /** The first row, or null when there is none; with a count the first rows. */
  head(): Promise<Row | null>;
  head(count: number): Promise<Row[]>;
  async head(count?: number): Promise<Row | null | Row[]> {
    if (count !== undefined) return this.take(count);
    return (await this.take(1))[0] ?? null;
  }
  first(): Promise<Row | null> {
    return this.head();
  }
  async isEmpty(): Promise<boolean> {
    return (await this.select().limit(1).count()) === 0;
  }
  /** Number of partitions the rows lie in. */
  numPartitions(): Promise<number> {
    return actions.numPartitions(this);
  }
}
