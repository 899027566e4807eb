import { fileURLToPath, pathToFileURL } from "node:url";
import { Skipped } from "./case.js";

/** What the runner needs to know of the public API: names are looked up, nothing is imported by type. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

export interface FieldLike {
  readonly name: string;
  readonly dataType: { simpleString(): string };
  readonly metadata?: Readonly<Record<string, unknown>>;
}
export interface SchemaLike {
  readonly fields: readonly FieldLike[];
}
export interface RowLike {
  readonly [key: string]: unknown;
}
export interface DataFrameLike {
  collect(): Promise<readonly RowLike[]>;
  count(): Promise<number>;
  schema(): Promise<SchemaLike>;
  select(...columns: Loose[]): DataFrameLike;
  selectExpr(...expressions: string[]): DataFrameLike;
  where(condition: Loose): DataFrameLike;
  limit(n: number): DataFrameLike;
  coalesce(n: number): DataFrameLike;
  union(other: DataFrameLike): DataFrameLike;
  withColumn(name: string, column: Loose): DataFrameLike;
  sample(...args: Loose[]): DataFrameLike;
  randomSplit(weights: readonly number[], seed?: number): DataFrameLike[];
  readonly [key: string]: Loose;
}
export interface VectorLike {
  readonly size: number;
  readonly values: Iterable<number>;
  readonly indices?: Iterable<number>;
}
export interface MatrixLike {
  readonly numRows: number;
  readonly numCols: number;
  readonly values: Iterable<number>;
  readonly isTransposed: boolean;
  readonly colPtrs?: Iterable<number>;
  readonly rowIndices?: Iterable<number>;
}
export interface StageLike {
  readonly uid: string;
  readonly [key: string]: Loose;
}

/** The public API of a built kindling, and one session on it. */
export class Kindling {
  private constructor(
    readonly api: Readonly<Record<string, Loose>>,
    readonly session: Loose,
  ) {}

  static async start(master = "local[2]"): Promise<Kindling> {
    const api = await loadApi();
    const session = await api.SparkSession.builder
      .master(master)
      .appName("golden")
      .config("spark.sql.session.timeZone", "UTC")
      .config("spark.sql.shuffle.partitions", "2")
      .config("spark.default.parallelism", "2")
      .config("spark.ui.showConsoleProgress", "false")
      .getOrCreate();
    return new Kindling(api, session);
  }

  async stop(): Promise<void> {
    await this.session.stop();
  }

  has(name: string): boolean {
    return typeof this.api[name] === "function";
  }

  /** A class of the public API by its Spark name; one that does not exist yet skips the case. */
  classOf(name: string): Loose {
    const found = this.api[name];
    if (typeof found !== "function") throw new Skipped(`${name} does not exist yet`);
    return found;
  }

  private isA(value: unknown, ...names: string[]): boolean {
    return names.some((name) => typeof this.api[name] === "function" && value instanceof this.api[name]);
  }
  isVector(value: unknown): value is VectorLike {
    return this.isA(value, "DenseVector", "SparseVector");
  }
  isMatrix(value: unknown): value is MatrixLike {
    return this.isA(value, "DenseMatrix", "SparseMatrix");
  }
  isRow(value: unknown): value is RowLike {
    return this.isA(value, "Row");
  }

  /** Names and values of a row, in order. */
  fieldsOf(row: RowLike): [string, unknown][] {
    const names = (row as Loose).fieldNames as readonly string[];
    return names.map((name, i) => [name, (row as Loose).get(i)]);
  }

  /** A schema from [name, type] pairs, types in Spark's simple strings plus `vector`. */
  schemaOf(pairs: readonly (readonly [string, string])[]): Loose {
    const { StructType, StructField } = this.api;
    return new StructType(pairs.map(([name, type]) => new StructField(name, this.typeOf(type), true)));
  }

  private typeOf(type: string): Loose {
    const array = /^array<(.*)>$/.exec(type);
    if (array) return new this.api.ArrayType(this.typeOf(array[1]), true);
    const decimal = /^decimal\((\d+),(\d+)\)$/.exec(type);
    if (decimal) return new this.api.DecimalType(Number(decimal[1]), Number(decimal[2]));
    const name = type === "vector" ? "VectorUDT" : type === "matrix" ? "MatrixUDT" : atomic[type];
    if (name === undefined) throw new Error(`the runner does not know the type ${type}`);
    return new this.api[name]();
  }
}

const atomic: Readonly<Record<string, string>> = {
  boolean: "BooleanType",
  tinyint: "ByteType",
  smallint: "ShortType",
  int: "IntegerType",
  bigint: "LongType",
  float: "FloatType",
  double: "DoubleType",
  string: "StringType",
  binary: "BinaryType",
  date: "DateType",
  timestamp: "TimestampType",
};

/** The built package, as a user of it sees it; `KINDLING_DIST` names another build. */
export const loadApi = async (): Promise<Readonly<Record<string, Loose>>> => {
  const folder = process.env.KINDLING_DIST ?? fileURLToPath(new URL("../../../dist", import.meta.url));
  return (await import(pathToFileURL(`${folder}/index.js`).href)) as Loose;
};
