import { IllegalArgumentException, type SparkException } from "../../common/index.js";
import { StorageLevel } from "../../storage/index.js";
import { joinTypeOf } from "../analyzer/index.js";
import { parseExpression } from "../parser/index.js";
import { captureCallSite, newPlanId, type CallSite, type Derived, type LogicalPlan } from "../plan/index.js";
import { checkpointed, locallyCheckpointed } from "./checkpoint.js";
import { columnExpression, flat, namedExpression } from "./column-name.js";
import { Column } from "./column.js";
import { DataFrameNaFunctions } from "./dataframe-na-functions.js";
import { DataFrameShortcuts } from "./dataframe-shortcuts.js";
import { DataFrameStatFunctions } from "./dataframe-stat-functions.js";
import { DataFrameWriter } from "./dataframe-writer.js";
import * as derive from "./derived-plans.js";
import { GroupedData } from "./grouped-data.js";
import type { RowLambda } from "./lambda.js";
import { lambdaFilter } from "./lambda-filter.js";
import { mapColumnsPlan, type ResolveColumns } from "./map-columns-plan.js";
import { describePlan, summaryPlan } from "./summary.js";
import { Observation } from "./observation.js";
import { randomSeed, sampleArguments, splitBounds } from "./sampling.js";

export type ColumnOrName = Column | string;

/** A distributed table: transformations build a plan, actions (those that return promises) run it. */
export class DataFrame extends DataFrameShortcuts {
  private persisted = false;

  /** A DataFrame of the same session over another plan, made by a call of `method`; not part of Spark's API. */
  withPlan(plan: LogicalPlan, method: (...args: never[]) => unknown): DataFrame {
    const origin: CallSite = captureCallSite(method);
    return new DataFrame(this.sparkSession, { ...plan, planId: newPlanId(), origin });
  }
  private derived(
    name: string,
    method: (...args: never[]) => unknown,
    build: Derived["build"],
    ...others: readonly DataFrame[]
  ): DataFrame {
    return this.withPlan(
      { kind: "derived", name, children: [this.plan, ...others.map((df) => df.plan)], build },
      method,
    );
  }
  /** A column of this DataFrame, told apart from columns of the same name elsewhere. */
  col(name: string): Column {
    return new Column(namedExpression(name, this.plan.planId));
  }
  colRegex(pattern: string): Promise<Column[]> {
    const regex = new RegExp(`^(?:${pattern.replace(/^`|`$/g, "")})$`);
    return this.columns().then((names) =>
      names.filter((name) => regex.test(name)).map((name) => this.col(`\`${name}\``)),
    );
  }

  override select(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): DataFrame {
    const expressions = flat(columns).map(columnExpression);
    return this.withPlan({ kind: "project", child: this.plan, expressions }, this.select);
  }
  /** Columns given as SQL expressions, e.g. "a + 1 AS b". */
  selectExpr(...expressions: readonly (string | readonly string[])[]): DataFrame {
    return this.withPlan(
      { kind: "project", child: this.plan, expressions: flat(expressions).map(parseExpression) },
      this.selectExpr,
    );
  }
  /** Rows for which a condition is true: a Column, SQL text, or a function of the row. */
  filter(condition: ColumnOrName | RowLambda): DataFrame {
    return this.filtered(condition, this.filter);
  }
  where(condition: ColumnOrName | RowLambda): DataFrame {
    return this.filtered(condition, this.where);
  }
  private filtered(condition: ColumnOrName | RowLambda, method: (...args: never[]) => unknown): DataFrame {
    if (typeof condition === "function") {
      return this.derived("filter", method, (children) => lambdaFilter(condition, children[0]));
    }
    const expression = typeof condition === "string" ? parseExpression(condition) : condition.expr;
    return this.withPlan({ kind: "filter", child: this.plan, condition: expression }, method);
  }
  /** Adds a column, or replaces the one of that name. */
  withColumn(name: string, column: Column): DataFrame {
    return this.derived(
      "withColumn",
      this.withColumn,
      derive.withColumns(new Map([[name, column.expr]]), this.caseSensitive),
    );
  }
  withColumns(columns: Readonly<Record<string, Column>>): DataFrame {
    const map = new Map(Object.entries(columns).map(([name, column]) => [name, column.expr]));
    return this.derived("withColumns", this.withColumns, derive.withColumns(map, this.caseSensitive));
  }
  withColumnRenamed(existing: string, name: string): DataFrame {
    return this.derived(
      "withColumnRenamed",
      this.withColumnRenamed,
      derive.renamed({ [existing]: name }, this.caseSensitive),
    );
  }
  withColumnsRenamed(names: Readonly<Record<string, string>>): DataFrame {
    return this.derived("withColumnsRenamed", this.withColumnsRenamed, derive.renamed(names, this.caseSensitive));
  }
  withMetadata(name: string, metadata: Readonly<Record<string, unknown>>): DataFrame {
    return this.withColumn(name, new Column(namedExpression(name)).alias(name, { metadata }));
  }
  drop(...columns: readonly ColumnOrName[]): DataFrame {
    return this.derived("drop", this.drop, derive.dropped(columns, this.caseSensitive));
  }
  toDF(...names: readonly string[]): DataFrame {
    return this.derived("toDF", this.toDF, derive.allRenamed(names));
  }
  alias(name: string): DataFrame {
    return this.withPlan({ kind: "alias", child: this.plan, alias: name }, this.alias);
  }
  /** Applies a function of the DataFrame, for chaining. */
  transform<A extends readonly unknown[]>(fn: (df: DataFrame, ...args: A) => DataFrame, ...args: A): DataFrame {
    return fn(this, ...args);
  }

  groupBy(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): GroupedData {
    return new GroupedData(this, flat(columns).map(columnExpression));
  }
  groupby(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): GroupedData {
    return this.groupBy(...columns);
  }
  agg(first: Column | Readonly<Record<string, string>>, ...more: readonly Column[]): DataFrame {
    return this.groupBy().agg(first, ...more);
  }
  distinct(): DataFrame {
    return this.derived("distinct", this.distinct, derive.distinct());
  }
  dropDuplicates(subset?: readonly string[]): DataFrame {
    return this.derived("dropDuplicates", this.dropDuplicates, derive.distinct(subset, this.caseSensitive));
  }

  /** Joins by column names (which then appear once), by a condition, or with neither as a cross product. */
  join(other: DataFrame, on?: string | readonly string[] | Column | readonly Column[], how = "inner"): DataFrame {
    const joinType = joinTypeOf(how);
    const list = on === undefined ? [] : ([on].flat() as (string | Column)[]);
    const sides = {
      kind: "join",
      left: this.plan,
      right: other.plan,
      ...broadcastHint(this.plan, other.plan),
    } as const;
    if (list.length === 0)
      return this.withPlan({ ...sides, joinType: joinType === "inner" ? "cross" : joinType }, this.join);
    if (list.every((item) => typeof item === "string"))
      return this.withPlan({ ...sides, joinType, using: list }, this.join);
    const condition = (list as Column[]).reduce((a, b) => a.and(b)).expr;
    return this.withPlan({ ...sides, joinType: joinType === "cross" ? "inner" : joinType, condition }, this.join);
  }
  crossJoin(other: DataFrame): DataFrame {
    return this.withPlan({ kind: "join", left: this.plan, right: other.plan, joinType: "cross" }, this.crossJoin);
  }
  /** Asks for a strategy; "broadcast" makes this DataFrame the hash table of the join it takes part in. */
  hint(name: string): DataFrame {
    return name.toLowerCase() === "broadcast" ? broadcast(this) : this;
  }
  /** All rows of both, columns matched by position. */
  union(other: DataFrame): DataFrame {
    return this.withPlan({ kind: "union", children: [this.plan, other.plan] }, this.union);
  }
  unionAll(other: DataFrame): DataFrame {
    return this.union(other);
  }
  unionByName(other: DataFrame, allowMissingColumns = false): DataFrame {
    return this.derived(
      "unionByName",
      this.unionByName,
      derive.unionByName(allowMissingColumns, this.caseSensitive),
      other,
    );
  }
  /** Rows that are in both, without duplicates. */
  intersect(other: DataFrame): DataFrame {
    return this.derived("intersect", this.intersect, derive.setOperation("INTERSECT"), other);
  }
  /** Rows that are not in the other, without duplicates. */
  subtract(other: DataFrame): DataFrame {
    return this.derived("subtract", this.subtract, derive.setOperation("EXCEPT"), other);
  }

  orderBy(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): DataFrame {
    return this.withPlan(
      { kind: "sort", child: this.plan, orders: flat(columns).map(columnExpression), global: true },
      this.orderBy,
    );
  }
  sort(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): DataFrame {
    return this.withPlan(
      { kind: "sort", child: this.plan, orders: flat(columns).map(columnExpression), global: true },
      this.sort,
    );
  }
  sortWithinPartitions(...columns: readonly (ColumnOrName | readonly ColumnOrName[])[]): DataFrame {
    const orders = flat(columns).map(columnExpression);
    return this.withPlan({ kind: "sort", child: this.plan, orders, global: false }, this.sortWithinPartitions);
  }
  override limit(count: number): DataFrame {
    return this.withPlan({ kind: "limit", child: this.plan, limit: notNegative(count), offset: 0 }, this.limit);
  }
  offset(count: number): DataFrame {
    const plan: LogicalPlan = {
      kind: "limit",
      child: this.plan,
      limit: Number.POSITIVE_INFINITY,
      offset: notNegative(count),
    };
    return this.withPlan(plan, this.offset);
  }

  /** A random sample: `sample(fraction, seed?)` or `sample(withReplacement, fraction, seed?)`. Equal to Spark's for a seed. */
  sample(first: number | boolean, second?: number, third?: number | bigint): DataFrame {
    const { withReplacement, fraction, seed } = sampleArguments(first, second, third);
    return this.withPlan(
      { kind: "sample", child: this.plan, lower: 0, upper: fraction, withReplacement, seed },
      this.sample,
    );
  }
  /** Disjoint random parts in proportion to the weights. Equal to Spark's for a seed. */
  randomSplit(weights: readonly number[], seed: number | bigint = randomSeed()): DataFrame[] {
    const bounds = splitBounds(weights);
    return weights.map((_, i) =>
      this.derived("randomSplit", this.randomSplit, derive.randomSplit(bounds[i], bounds[i + 1], BigInt(seed))),
    );
  }
  sampleBy(
    column: ColumnOrName,
    fractions: Readonly<Record<string, number>> | ReadonlyMap<unknown, number>,
    seed?: number | bigint,
  ): DataFrame {
    return this.stat.sampleBy(column, fractions, seed);
  }

  /** Deals rows out over partitions: evenly, or by the hash of columns. */
  repartition(first: number | ColumnOrName, ...columns: readonly ColumnOrName[]): DataFrame {
    const [numPartitions, by] =
      typeof first === "number" ? [positive(first), columns] : [undefined, [first, ...columns]];
    if (by.length === 0) {
      return this.withPlan(
        { kind: "repartition", child: this.plan, numPartitions: numPartitions!, shuffle: true },
        this.repartition,
      );
    }
    const expressions = by.map(columnExpression);
    return this.withPlan(
      { kind: "repartitionBy", child: this.plan, expressions, numPartitions, method: "hash" },
      this.repartition,
    );
  }
  repartitionByRange(first: number | ColumnOrName, ...columns: readonly ColumnOrName[]): DataFrame {
    const [numPartitions, by] =
      typeof first === "number" ? [positive(first), columns] : [undefined, [first, ...columns]];
    const method = this.repartitionByRange;
    return this.derived("repartitionByRange", method, ([child]) => ({
      kind: "repartitionBy",
      child,
      expressions: by
        .map(columnExpression)
        .map((e) => (e.kind === "sort" ? e : { kind: "sort", child: e, ascending: true, nullsFirst: true })),
      numPartitions,
      method: "range",
    }));
  }
  /** Fewer partitions by merging neighbours, without a shuffle. */
  coalesce(numPartitions: number): DataFrame {
    return this.withPlan(
      { kind: "repartition", child: this.plan, numPartitions: positive(numPartitions), shuffle: false },
      this.coalesce,
    );
  }

  /** Columns computed by a registered batch function; how ML transformers run. */
  mapColumns(resolve: ResolveColumns): DataFrame {
    return this.derived("mapColumns", this.mapColumns, mapColumnsPlan(resolve, this.caseSensitive));
  }
  /** Keeps the rows from the first action on, until `unpersist()`: in shared memory, and in files where that has no room. */
  /** Gathers metrics (named aggregates) of the rows while an action runs; `observation` gives them. */
  observe(observation: Observation | string, ...metrics: readonly Column[]): DataFrame {
    const target = typeof observation === "string" ? new Observation(observation) : observation;
    const node = {
      kind: "observe",
      child: this.plan,
      metrics: metrics.map((m) => m.expr),
      observation: target.bind(this),
    } as const;
    return this.withPlan(node, this.observe);
  }

  cache(): this {
    return this.persist();
  }
  /** Keeps the rows as the level says; rows that are cached already stay as they are, as in Spark. */
  persist(storageLevel: StorageLevel | string = StorageLevel.MEMORY_AND_DISK_DESER): this {
    this.sparkSession.state.mark(this.plan, this.analyzed(), StorageLevel.of(storageLevel));
    this.persisted = true;
    return this;
  }
  /** Frees what is cached for this plan. With `blocking` it is gone when the promise resolves, which it is here anyway. */
  async unpersist(_blocking: boolean = false): Promise<this> {
    await this.sparkSession.state.unmark(this.analyzed());
    this.persisted = false;
    return this;
  }
  /** Whether `cache()` or `persist()` was called on this DataFrame and `unpersist()` was not. */
  get isCached(): boolean {
    return this.persisted;
  }
  /** Where the rows of this plan are kept; StorageLevel.NONE when they are not. */
  storageLevel(): Promise<StorageLevel> {
    return this.sparkSession.state.cached.levelOf(this.analyzed());
  }
  /** The same rows read from files in the checkpoint directory (`sparkContext.setCheckpointDir`), its plan cut off behind them. */
  checkpoint(eager: boolean = true): Promise<DataFrame> {
    return checkpointed(this, eager, this.checkpoint);
  }
  /** The same rows read from storage, its plan cut off behind them: rows that are lost cannot be computed again. */
  localCheckpoint(
    eager: boolean = true,
    storageLevel: StorageLevel | string = StorageLevel.MEMORY_AND_DISK,
  ): Promise<DataFrame> {
    return locallyCheckpointed(this, eager, StorageLevel.of(storageLevel), this.localCheckpoint);
  }

  get na(): DataFrameNaFunctions {
    return new DataFrameNaFunctions(this);
  }
  get stat(): DataFrameStatFunctions {
    return new DataFrameStatFunctions(this);
  }
  get write(): DataFrameWriter {
    return new DataFrameWriter(this);
  }
  describe(...columns: readonly (string | readonly string[])[]): DataFrame {
    return this.derived("describe", this.describe, describePlan(this, flat(columns)));
  }
  summary(...statistics: readonly string[]): DataFrame {
    return this.derived("summary", this.summary, summaryPlan(this, statistics));
  }

  private get caseSensitive(): boolean {
    return this.sparkSession.state.conf.value("caseSensitive");
  }
}

const broadcasts = new WeakSet<LogicalPlan>();
/** Marks a DataFrame as small enough to be every task's hash table in a join. */
export function broadcast(df: DataFrame): DataFrame {
  const marked = new DataFrame(df.sparkSession, { ...df.plan });
  broadcasts.add(marked.plan);
  return marked;
}
function broadcastHint(left: LogicalPlan, right: LogicalPlan): { hint?: "left" | "right" } {
  if (broadcasts.has(right)) return { hint: "right" };
  return broadcasts.has(left) ? { hint: "left" } : {};
}

function positive(numPartitions: number): number {
  if (Number.isInteger(numPartitions) && numPartitions > 0) return numPartitions;
  throw new IllegalArgumentException(`requirement failed: Number of partitions (${numPartitions}) must be positive.`);
}
function notNegative(count: number): number {
  if (Number.isInteger(count) && count >= 0) return count;
  throw negativeLimit(count);
}
const negativeLimit = (count: number): SparkException =>
  new IllegalArgumentException(
    `The limit like expression "${count}" is invalid. The limit expression must be equal to or greater than 0, but got ${count}.`,
    {
      condition: "INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE",
      sqlState: "42K0E",
      parameters: { name: "limit", expr: `"${count}"`, v: String(count) },
    },
  );
