import { randomUUID } from "node:crypto";
import { IllegalArgumentException, SparkConf, sparkKeyKind, type EventBus } from "../../common/index.js";
import { type Passes, type PassRequest } from "../../exec/index.js";
import { newExpressionId, newPlanId, type LogicalPlan } from "../plan/index.js";
import { longType, parseDDL, type StructType } from "../types/index.js";
import { showConsoleProgress } from "../../ui/index.js";
import { RDD, SparkContext } from "../../rdd/index.js";
import { DataFrame } from "./dataframe.js";
import { DataFrameReader } from "./dataframe-reader.js";
import { columnRelation, isColumnData, type ColumnData } from "./column-relation.js";
import { evenStart, localRelation, parallelizeStart, type RowLike } from "./local-relation.js";
import { rddRelation, type SchemaLike } from "./rdd-bridge/rdd-relation.js";
import { RuntimeConfig } from "./runtime-config.js";
import { SessionState } from "./session-state.js";

let active: SparkSession | undefined;

/** Settings of a session to come; `getOrCreate()` makes it, or returns the one that runs. */
export class SparkSessionBuilder {
  private readonly settings = new Map<string, string>();

  /** Where to run: `local`, `local[4]`, `local[*]`. */
  master(master: string): this {
    return this.config("spark.master", master);
  }
  appName(name: string): this {
    return this.config("spark.app.name", name);
  }
  /** One setting, or several as an object or a SparkConf. */
  config(
    key: string | SparkConf | Readonly<Record<string, string | number | boolean>>,
    value?: string | number | boolean,
  ): this {
    if (typeof key === "string") this.settings.set(key, String(value));
    else
      for (const [k, v] of key instanceof SparkConf ? key.getAll() : Object.entries(key))
        this.settings.set(k, String(v));
    return this;
  }
  /** The running session, with these settings applied to it, or a new one. Starts no thread yet. */
  getOrCreate(): SparkSession {
    if (active) {
      for (const [key, value] of this.settings)
        if (key.startsWith("spark.sql.") && sparkKeyKind(key) !== "static") active.conf.set(key, value);
      return active;
    }
    const context = SparkContext.active();
    return context ? this.on(context) : this.create();
  }
  /** A session on a context that runs already. */
  private on(context: SparkContext): SparkSession {
    const { engine } = context;
    const conf = context.getConf().setAll(this.settings);
    active = new SparkSession(new SessionState(conf, engine), context);
    return active;
  }
  /** A new session of its own, whatever else is running. */
  create(): SparkSession {
    const conf = new SparkConf();
    for (const [key, value] of this.settings) conf.set(key, value);
    active = new SparkSession(new SessionState(conf));
    return active;
  }
}

/** The entry point: makes DataFrames, holds settings, and owns the worker threads. */
export class SparkSession implements AsyncDisposable {
  readonly conf: RuntimeConfig;
  readonly version = "4.3.0";
  readonly applicationId = `local-${randomUUID()}`;
  /** What the engine runs on; not part of Spark's API. */
  readonly state: SessionState;
  private readonly hideProgress: () => void;

  constructor(
    state: SessionState,
    private context?: SparkContext,
  ) {
    this.state = state;
    this.conf = new RuntimeConfig(state.conf);
    this.hideProgress = state.conf.value("showProgress") ? showConsoleProgress(state.events) : () => undefined;
  }

  static get builder(): SparkSessionBuilder {
    return new SparkSessionBuilder();
  }
  /** The session that was made last and still runs. */
  static getActiveSession(): SparkSession | undefined {
    return active;
  }
  static active(): SparkSession {
    if (active) return active;
    throw new IllegalArgumentException(
      "There is no active session; make one with SparkSession.builder.getOrCreate().",
      {
        condition: "NO_ACTIVE_SESSION",
      },
    );
  }

  /** The context of RDDs, broadcasts and accumulators; it runs on the same workers. */
  get sparkContext(): SparkContext {
    this.context ??= new SparkContext(this.state.engine, this.applicationId);
    return this.context;
  }
  /** Everything that happens: jobs, stages, tasks, passes, cached blocks. */
  get events(): EventBus {
    return this.state.events;
  }
  /** Number of worker threads. */
  get parallelism(): number {
    return this.state.threads;
  }
  get read(): DataFrameReader {
    return new DataFrameReader(this);
  }

  /**
   * A DataFrame of rows: objects, arrays or Rows. `schema` is a StructType, DDL such as "a INT, b STRING", or column names;
   * without one it is inferred from all rows. With `numPartitions`, row i of N lies in partition floor(i * numPartitions / N);
   * without, rows are cut over the worker threads as Spark cuts them.
   * Or of whole columns: an object of typed arrays and string arrays, equally long.
   * Or of an RDD, in its partitions: then `schema` may be a single type (for elements that are no rows), and without types they are
   * inferred from the first 100 elements, or from the share `numPartitions` (a sampling ratio).
   */
  createDataFrame(rdd: RDD<unknown>, schema?: SchemaLike, samplingRatio?: number): DataFrame;
  createDataFrame(
    rows: Iterable<RowLike> | ColumnData,
    schema?: StructType | string | readonly string[],
    numPartitions?: number,
  ): DataFrame;
  createDataFrame(
    rows: Iterable<RowLike> | ColumnData | RDD<unknown>,
    schema?: SchemaLike,
    numPartitions?: number,
  ): DataFrame {
    this.state.assertRunning();
    if (rows instanceof RDD) return this.frame(rddRelation(rows, schema, numPartitions));
    const count = numPartitions ?? this.defaultPartitions;
    if (isColumnData(rows)) return this.frame(columnRelation(rows, count));
    const cut = numPartitions === undefined ? parallelizeStart : evenStart;
    return this.frame(
      localRelation([...rows], schema as StructType | string | readonly string[] | undefined, count, cut),
    );
  }
  /** A DataFrame without rows. */
  emptyDataFrame(schema: StructType | string): DataFrame {
    return this.createDataFrame([], typeof schema === "string" ? parseDDL(schema) : schema, 1);
  }
  /** Numbers from start (0 with one argument) up to end, as a BIGINT column `id`. */
  range(start: number | bigint, end?: number | bigint, step: number | bigint = 1, numPartitions?: number): DataFrame {
    this.state.assertRunning();
    const from = end === undefined ? 0n : BigInt(start);
    const to = BigInt(end ?? start);
    const by = BigInt(step);
    if (by === 0n) throw new IllegalArgumentException("requirement failed: step (0) cannot be 0");
    const span = to - from;
    const count = span > 0n === by > 0n && span !== 0n ? (span + by - (by > 0n ? 1n : -1n)) / by : 0n;
    return this.frame({
      kind: "range",
      start: from,
      step: by,
      count,
      numPartitions: numPartitions ?? this.defaultPartitions,
      output: [
        {
          kind: "attribute",
          id: newExpressionId(),
          name: "id",
          type: longType,
          nullable: false,
          metadata: {},
          qualifier: [],
        },
      ],
      planId: newPlanId(),
    });
  }

  private get defaultPartitions(): number {
    return this.state.conf.value("defaultParallelism") || this.state.threads;
  }

  private frame(plan: LogicalPlan): DataFrame {
    return new DataFrame(this, plan);
  }

  /** Opens synchronised passes over data in shared blocks: the inner loop of an iterative trainer. */
  openPasses<C>(request: PassRequest<C>): Passes {
    return this.state.openPasses(request);
  }
  /** Frees everything that is cached. */
  clearCache(): void {
    this.state.clearCache();
  }
  /** Stops the worker threads and frees what is cached; running jobs fail. */
  async stop(): Promise<void> {
    if (active === this) active = undefined;
    this.hideProgress();
    await this.state.stop();
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
