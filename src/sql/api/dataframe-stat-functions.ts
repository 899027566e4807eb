import {
  approxQuantileError,
  BloomFilter,
  CountMinSketch,
  type CountMinSketchShape,
  FrequentItems,
  IllegalArgumentException,
  mergeSketches,
  type QuantileSketch,
  querySketch,
} from "../../common/index.js";
import { unresolvedColumn, sameName } from "../analyzer/index.js";
import { type Expression } from "../expressions/index.js";
import { outputOf, type LogicalPlan } from "../plan/index.js";
import {
  ArrayType,
  BinaryType,
  doubleType,
  IntegralType,
  longType,
  NumericType,
  StringType,
  stringType,
  StructField,
  StructType,
  toExternal,
  type DataType,
} from "../types/index.js";
import type { CountedItems } from "../../common/index.js";
import { columnExpression, namedExpression } from "./column-name.js";
import { Column } from "./column.js";
import type { DataFrame } from "./dataframe.js";
import { literal } from "./literal.js";
import { localRelation } from "./local-relation.js";
import { sketchQuantiles } from "./quantiles.js";
import { randomSeed } from "./sampling.js";
import { countFrequentItems, fillBloomFilter, fillCountMinSketch } from "./stat-sketches.js";

const isNumeric = (type: DataType): boolean => type instanceof NumericType;

/** `df.stat`: statistics that are not plain aggregates. */
export class DataFrameStatFunctions {
  constructor(private readonly df: DataFrame) {}

  /** See `DataFrame.approxQuantile`; Spark's algorithm, so that approximate answers agree too. */
  approxQuantile(columns: string, probabilities: readonly number[], relativeError: number): Promise<number[]>;
  approxQuantile(
    columns: readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[][]>;
  async approxQuantile(
    columns: string | readonly string[],
    probabilities: readonly number[],
    relativeError: number,
  ): Promise<number[] | number[][]> {
    const names = [columns].flat() as string[];
    for (const p of probabilities) {
      if (!(p >= 0 && p <= 1))
        throw new IllegalArgumentException(
          `requirement failed: percentile should be in the range [0.0, 1.0], got ${p}`,
        );
    }
    if (!(relativeError >= 0)) {
      throw new IllegalArgumentException(
        `requirement failed: Relative Error must be non-negative, got ${relativeError}`,
      );
    }
    const schema = await this.df.schema();
    for (const name of names) {
      const field = schema.fields.find((f) => sameName(f.name, name, false));
      if (!field) throw unresolvedColumn([name], outputOf(await this.df.analyzed()));
      if (!isNumeric(field.dataType)) {
        throw new IllegalArgumentException(
          `requirement failed: Quantile calculation for column ${name} with data type ${field.dataType.constructor.name} is not supported.`,
        );
      }
    }
    const doubles = names.map((name) => new Column(namedExpression(`\`${name}\``)).cast(doubleType));
    const parts = await this.df
      .select(doubles)
      .runPartitions<QuantileSketch[]>(sketchQuantiles.name, { relativeError: approxQuantileError(relativeError) });
    const results = names.map((_, c) => {
      const sketches = parts.flatMap((part) => (part[c] ? [part[c]] : []));
      if (sketches.length === 0) return [];
      return querySketch(sketches.reduce(mergeSketches), probabilities) ?? [];
    });
    return typeof columns === "string" ? results[0] : results;
  }

  /** Pearson's correlation of two numeric columns. */
  async corr(a: string, b: string, method = "pearson"): Promise<number> {
    if (method !== "pearson") {
      throw new IllegalArgumentException(
        "requirement failed: Currently only the calculation of the Pearson Correlation coefficient is supported.",
      );
    }
    return this.pairwise("corr", a, b);
  }
  /** Sample covariance of two numeric columns. */
  cov(a: string, b: string): Promise<number> {
    return this.pairwise("covar_samp", a, b);
  }
  private async pairwise(name: string, a: string, b: string): Promise<number> {
    const schema = await this.df.schema();
    for (const column of [a, b]) {
      const field = schema.find(column);
      if (!field) throw unresolvedColumn([column], outputOf(await this.df.analyzed()));
      if (!isNumeric(field.dataType)) {
        throw new IllegalArgumentException(
          `requirement failed: Currently ${name === "corr" ? "correlation" : "covariance"} calculation for columns with dataType ${field.dataType.typeName()} not supported.`,
        );
      }
    }
    const [row] = await this.df
      .agg(new Column({ kind: "call", name, args: [namedExpression(a), namedExpression(b)] }))
      .collect();
    return (row.get(0) as number | null) ?? Number.NaN;
  }

  /** Counts of each pair of values: a row for each value of `a`, a column for each value of `b`. */
  crosstab(a: string, b: string): DataFrame {
    const { df } = this;
    const build = async (): Promise<LogicalPlan> => {
      const text = (name: string): Column => {
        const column = new Column(namedExpression(name));
        return new Column({
          kind: "call",
          name: "when",
          args: [column.isNull().expr, literal("null"), column.cast(stringType).expr],
        }).alias(name);
      };
      const rows = await df.select(text(a), text(b)).groupBy(a, b).count().collect();
      const columns = [...new Set(rows.map((row) => String(row.get(1))))].sort();
      const counts = new Map<string, Map<string, number>>();
      for (const row of rows) {
        const key = String(row.get(0));
        if (!counts.has(key)) counts.set(key, new Map());
        counts.get(key)!.set(String(row.get(1)), Number(row.get(2)));
      }
      const schema = new StructType([
        new StructField(`${a}_${b}`, stringType),
        ...columns.map((name) => new StructField(name.replaceAll("`", ""), longType)),
      ]);
      const table = [...counts].map(([key, row]) => [key, ...columns.map((name) => row.get(name) ?? 0)]);
      return localRelation(table, schema, 1);
    };
    return this.df.withPlan({ kind: "derived", name: "crosstab", children: [df.plan], build }, this.crosstab);
  }

  /**
   * One row with, for each column, an array `<name>_freqItems` of the values that make up at least `support` of the rows, and possibly
   * some that do not.
   */
  freqItems(columns: readonly string[], support = 0.01): DataFrame {
    if (!(support >= 1e-4 && support <= 1)) {
      throw new IllegalArgumentException(`requirement failed: Support must be in [1e-4, 1], but got ${support}.`);
    }
    const size = Math.trunc(1 / support);
    const chosen = this.df.select(columns.map((name) => new Column(namedExpression(name))));
    const build = async (): Promise<LogicalPlan> => {
      const { fields } = await chosen.schema();
      const parts = await chosen.runPartitions<CountedItems[]>(countFrequentItems.name, { size });
      const row = fields.map(({ dataType }, c) => {
        const total = new FrequentItems(size);
        for (const part of parts) total.merge(part[c] ?? []);
        return total.items().map(([item]) => toExternal(dataType, item));
      });
      const schema = fields.map((f) => new StructField(`${f.name}_freqItems`, new ArrayType(f.dataType, true)));
      return localRelation([row], new StructType(schema), 1);
    };
    return this.df.withPlan({ kind: "derived", name: "freqItems", children: [chosen.plan], build }, this.freqItems);
  }

  /** A Bloom filter of a column of integers, text or bytes, for so many different items; 3 % wrong yeses where nothing is said. */
  async bloomFilter(
    column: Column | string,
    expectedNumItems: number,
    size: number | { readonly fpp?: number; readonly numBits?: number } = {},
  ): Promise<BloomFilter> {
    const options = typeof size === "number" ? { fpp: size } : size;
    const total = BloomFilter.create(expectedNumItems, options);
    const items = await this.sketched(column, "Bloom filter");
    const payload = { expectedNumItems, ...options };
    for (const part of await items.runPartitions<Uint8Array>(fillBloomFilter.name, payload)) {
      total.mergeInPlace(BloomFilter.readFrom(part));
    }
    return total;
  }

  /** A Count-Min sketch of a column of integers, text or bytes. */
  async countMinSketch(column: Column | string, shape: CountMinSketchShape): Promise<CountMinSketch> {
    const total = CountMinSketch.create(shape);
    const items = await this.sketched(column, "Count-min Sketch");
    for (const part of await items.runPartitions<Uint8Array>(fillCountMinSketch.name, shape)) {
      total.mergeInPlace(CountMinSketch.readFrom(part));
    }
    return total;
  }

  private async sketched(column: Column | string, what: string): Promise<DataFrame> {
    const items = this.df.select(column);
    const [{ dataType }] = (await items.schema()).fields;
    const taken = [IntegralType, StringType, BinaryType].some((type) => dataType instanceof type);
    if (taken) return items;
    throw new IllegalArgumentException(
      `requirement failed: ${what} only supports string type and integral types, and does not support type ${dataType.simpleString()}.`,
    );
  }

  /** A sample in which each value of a column has a fraction of its own; values without one are left out. */
  sampleBy(
    column: Column | string,
    fractions: Readonly<Record<string, number>> | ReadonlyMap<unknown, number>,
    seed: number | bigint = randomSeed(),
  ): DataFrame {
    const entries: readonly (readonly [unknown, number])[] =
      fractions instanceof Map
        ? [...(fractions as ReadonlyMap<unknown, number>)]
        : Object.entries(fractions as Readonly<Record<string, number>>);
    for (const [key, fraction] of entries) {
      if (!(fraction >= 0 && fraction <= 1)) {
        throw new IllegalArgumentException(
          `requirement failed: Fractions must be in [0, 1], but got fraction ${fraction} for stratum ${String(key)}.`,
        );
      }
    }
    const stratum = columnExpression(column);
    const branches = entries.flatMap(([key, fraction]): Expression[] => [
      { kind: "call", name: "=", args: [stratum, literal(key)] },
      literal(fraction, doubleType),
    ]);
    const limit: Expression =
      branches.length === 0
        ? literal(0, doubleType)
        : { kind: "call", name: "when", args: [...branches, literal(0, doubleType)] };
    const draw: Expression = { kind: "call", name: "rand", args: [literal(BigInt(seed), longType)] };
    const condition: Expression = { kind: "call", name: "<", args: [draw, limit] };
    return this.df.withPlan({ kind: "filter", child: this.df.plan, condition }, this.sampleBy);
  }
}
