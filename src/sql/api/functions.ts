import { IllegalArgumentException } from "../../common/index.js";
import { parseExpression } from "../parser/index.js";
import type { Expression } from "../expressions/index.js";
import { booleanType, doubleType } from "../types/index.js";
import { literal } from "./literal.js";
import { columnExpression, namedExpression } from "./column-name.js";
import { Column, expressionOf, type ColumnValue } from "./column.js";
import { broadcast } from "./dataframe.js";
import { randomSeed } from "./sampling.js";

type ColumnOrName = Column | string;

const make = (
  name: string,
  args: readonly Expression[],
  more: Partial<Extract<Expression, { kind: "call" }>> = {},
): Column => new Column({ kind: "call", name, args, ...more });
/** A function all of whose arguments are columns or names of columns. */
const ofColumns =
  (name: string) =>
  (...columns: readonly ColumnOrName[]) =>
    make(name, columns.map(columnExpression));
/** A function of one column (or its name). */
const unary = (name: string) => (column: ColumnOrName) => make(name, [columnExpression(column)]);
/** A function of two columns (or their names or, for the second, a number). */
const binaryMath = (name: string) => (a: ColumnOrName | number, b: ColumnOrName | number) =>
  make(
    name,
    [a, b].map((x) => (typeof x === "number" ? expressionOf(x) : columnExpression(x))),
  );
/** A function of a column and plain values. */
const withValues =
  (name: string) =>
  (column: ColumnOrName, ...values: readonly ColumnValue[]) =>
    make(name, [columnExpression(column), ...values.map(expressionOf)]);
const nullary = (name: string) => () => make(name, []);

/** The column of this name; "a.b" is a field or a qualified name, "*" all columns. */
export const col = (name: string): Column => new Column(namedExpression(name));
export const column = col;
/** A constant column. */
export const lit = (value: ColumnValue): Column => (value instanceof Column ? value : new Column(expressionOf(value)));
/** A column given as SQL text. */
export const expr = (sql: string): Column => new Column(parseExpression(sql));
/** Any registered SQL function by name. */
export const callFunction = (name: string, ...columns: readonly ColumnOrName[]): Column =>
  make(name, columns.map(columnExpression));
export { broadcast };
export { udf, type UserDefinedFunction } from "./udf.js";

export const asc = (column: ColumnOrName): Column => new Column(columnExpression(column)).asc();
export const desc = (column: ColumnOrName): Column => new Column(columnExpression(column)).desc();
export const ascNullsFirst = (column: ColumnOrName): Column => new Column(columnExpression(column)).ascNullsFirst();
export const ascNullsLast = (column: ColumnOrName): Column => new Column(columnExpression(column)).ascNullsLast();
export const descNullsFirst = (column: ColumnOrName): Column => new Column(columnExpression(column)).descNullsFirst();
export const descNullsLast = (column: ColumnOrName): Column => new Column(columnExpression(column)).descNullsLast();

/** The value where the condition holds; more branches with `.when(...)`, the rest with `.otherwise(...)`. */
export const when = (condition: Column, value: ColumnValue): Column =>
  make("when", [condition.expr, expressionOf(value)]);
export const coalesce = ofColumns("coalesce");
export const isnull = unary("isnull");
export const isnotnull = unary("isnotnull");
export const isnan = unary("isnan");
export const nanvl = binaryMath("nanvl");
export const ifnull = ofColumns("ifnull");
export const nvl = ofColumns("nvl");
export const nvl2 = ofColumns("nvl2");
export const nullif = ofColumns("nullif");
export const greatest = ofColumns("greatest");
export const least = ofColumns("least");
export const not = (column: Column): Column => column.not();
export const negate = unary("negative");
export const negative = unary("negative");

export const abs = unary("abs");
export const acos = unary("acos");
export const asin = unary("asin");
export const atan = unary("atan");
export const atan2 = binaryMath("atan2");
export const cbrt = unary("cbrt");
export const ceil = unary("ceil");
export const ceiling = unary("ceil");
export const cos = unary("cos");
export const cosh = unary("cosh");
export const degrees = unary("degrees");
export const exp = unary("exp");
export const expm1 = unary("expm1");
export const floor = unary("floor");
export const hypot = binaryMath("hypot");
export const ln = unary("ln");
export const log10 = unary("log10");
export const log1p = unary("log1p");
export const log2 = unary("log2");
/** Natural logarithm, or with a base first: `log(2, column)`. */
export const log = (baseOrColumn: number | ColumnOrName, column?: ColumnOrName): Column =>
  column === undefined
    ? make("ln", [columnExpression(baseOrColumn as ColumnOrName)])
    : make("log", [literal(baseOrColumn, doubleType), columnExpression(column)]);
export const pmod = binaryMath("pmod");
export const pow = binaryMath("power");
export const power = binaryMath("power");
export const radians = unary("radians");
export const rint = unary("rint");
/** Half up, to `scale` digits after the point. */
export const round = (column: ColumnOrName, scale = 0): Column =>
  make("round", [columnExpression(column), expressionOf(scale)]);
/** Half to even. */
export const bround = (column: ColumnOrName, scale = 0): Column =>
  make("bround", [columnExpression(column), expressionOf(scale)]);
export const signum = unary("signum");
export const sign = unary("sign");
export const sin = unary("sin");
export const sinh = unary("sinh");
export const sqrt = unary("sqrt");
export const tan = unary("tan");
export const tanh = unary("tanh");
export const pi = nullary("pi");
export const e = nullary("e");
/** Uniform draws in [0, 1), equal to Spark's for a seed. */
export const rand = (seed: number | bigint = randomSeed()): Column => make("rand", [expressionOf(BigInt(seed))]);
/** Standard normal draws, equal to Spark's for a seed. */
export const randn = (seed: number | bigint = randomSeed()): Column => make("randn", [expressionOf(BigInt(seed))]);

export const concat = ofColumns("concat");
export const concatWs = (separator: string, ...columns: readonly ColumnOrName[]): Column =>
  make("concat_ws", [expressionOf(separator), ...columns.map(columnExpression)]);
export const upper = unary("upper");
export const lower = unary("lower");
export const ucase = unary("upper");
export const lcase = unary("lower");
export const initcap = unary("initcap");
export const length = unary("length");
export const charLength = unary("char_length");
export const ascii = unary("ascii");
export const reverse = unary("reverse");
export const trim = unary("trim");
export const ltrim = unary("ltrim");
export const rtrim = unary("rtrim");
export const substring = withValues("substring");
export const substr = ofColumns("substr");
export const instr = withValues("instr");
export const locate = (text: string, column: ColumnOrName, position = 1): Column =>
  make("locate", [expressionOf(text), columnExpression(column), expressionOf(position)]);
export const lpad = withValues("lpad");
export const rpad = withValues("rpad");
export const repeat = withValues("repeat");
export const split = withValues("split");
export const translate = withValues("translate");
export const regexpReplace = withValues("regexp_replace");
export const regexpExtract = withValues("regexp_extract");
export const replace = ofColumns("replace");
export const contains = ofColumns("contains");
export const startswith = ofColumns("startswith");
export const endswith = ofColumns("endswith");

export const currentDate = nullary("current_date");
export const currentTimestamp = nullary("current_timestamp");
export const year = unary("year");
export const quarter = unary("quarter");
export const month = unary("month");
export const day = unary("day");
export const dayofmonth = unary("dayofmonth");
export const dayofweek = unary("dayofweek");
export const dayofyear = unary("dayofyear");
export const weekofyear = unary("weekofyear");
export const hour = unary("hour");
export const minute = unary("minute");
export const second = unary("second");
export const lastDay = unary("last_day");
export const dateAdd = withValues("date_add");
export const dateSub = withValues("date_sub");
export const datediff = ofColumns("datediff");
export const addMonths = withValues("add_months");
export const toDate = withValues("to_date");
export const toTimestamp = withValues("to_timestamp");
export const dateFormat = withValues("date_format");
export const unixTimestamp = withValues("unix_timestamp");
export const fromUnixtime = withValues("from_unixtime");
export const makeDate = ofColumns("make_date");
export const trunc = withValues("trunc");

export const array = ofColumns("array");
export const struct = ofColumns("struct");
export const size = unary("size");
export const arrayContains = withValues("array_contains");
export const elementAt = withValues("element_at");
export const hash = ofColumns("hash");
export const monotonicallyIncreasingId = nullary("monotonically_increasing_id");
export const sparkPartitionId = nullary("spark_partition_id");
/** Elements of a vector as an array of doubles, or of floats for dtype "float32". */
export function vectorToArray(column: ColumnOrName, dtype: "float64" | "float32" = "float64"): Column {
  if (dtype !== "float64" && dtype !== "float32") {
    throw new IllegalArgumentException(`Unsupported dtype: ${String(dtype)}. Valid values: float64, float32.`);
  }
  const doubles = make("vector_to_array", [columnExpression(column)]);
  return dtype === "float32" ? doubles.cast("array<float>") : doubles;
}
export const arrayToVector = unary("array_to_vector");

/** Number of rows for "*", else of values that are not null. */
export const count = (column: ColumnOrName): Column =>
  column === "*" ? make("count", [expressionOf(1)]) : make("count", [columnExpression(column)]);
export const countDistinct = (...columns: readonly ColumnOrName[]): Column =>
  make("count", columns.map(columnExpression), { distinct: true });
export const sum = unary("sum");
export const sumDistinct = (column: ColumnOrName): Column =>
  make("sum", [columnExpression(column)], { distinct: true });
export const avg = unary("avg");
export const mean = unary("avg");
export const min = unary("min");
export const max = unary("max");
/** The first value of a group, optionally the first that is not null. */
export const first = (column: ColumnOrName, ignoreNulls = false): Column => ignoring("first", column, ignoreNulls);
export const last = (column: ColumnOrName, ignoreNulls = false): Column => ignoring("last", column, ignoreNulls);
export const stddev = unary("stddev");
export const stddevSamp = unary("stddev_samp");
export const stddevPop = unary("stddev_pop");
export const variance = unary("variance");
export const varSamp = unary("var_samp");
export const varPop = unary("var_pop");
export const skewness = unary("skewness");
export const kurtosis = unary("kurtosis");
export const corr = ofColumns("corr");
export const covarSamp = ofColumns("covar_samp");
export const covarPop = ofColumns("covar_pop");
export const collectList = unary("collect_list");
export const collectSet = unary("collect_set");
export const countIf = unary("count_if");
export const anyValue = unary("any_value");
export const median = unary("median");
export const percentileApprox = withValues("percentile_approx");
export const approxCountDistinct = unary("approx_count_distinct");

export const positive = unary("positive");
export const cot = unary("cot");
export const sec = unary("sec");
export const csc = unary("csc");
export const asinh = unary("asinh");
export const acosh = unary("acosh");
export const atanh = unary("atanh");
export const shiftleft = withValues("shiftleft");
export const shiftright = withValues("shiftright");
export const shiftrightunsigned = withValues("shiftrightunsigned");
export const zeroifnull = unary("zeroifnull");
export const nullifzero = unary("nullifzero");
export const chr = unary("chr");
export const char = unary("char");
export const like = ofColumns("like");
export const ilike = ofColumns("ilike");
export const rlike = ofColumns("rlike");
export const regexpLike = ofColumns("regexp_like");
export const left = ofColumns("left");
export const right = ofColumns("right");
export const btrim = ofColumns("btrim");
export const weekday = unary("weekday");
export const currentTimezone = nullary("current_timezone");
export const tryToDate = withValues("try_to_date");
export const tryToTimestamp = withValues("try_to_timestamp");
export const unixSeconds = unary("unix_seconds");
export const unixMillis = unary("unix_millis");
export const unixMicros = unary("unix_micros");
export const unixDate = unary("unix_date");
export const dateFromUnixDate = unary("date_from_unix_date");
export const createMap = ofColumns("map");
export const mapKeys = unary("map_keys");
export const mapValues = unary("map_values");
export const namedStruct = ofColumns("named_struct");
export const tryElementAt = ofColumns("try_element_at");
export const get = withValues("get");
export const xxhash64 = ofColumns("xxhash64");
const typeofColumn = unary("typeof");
export { typeofColumn as typeof };
export const boolAnd = unary("bool_and");
export const every = unary("every");
export const boolOr = unary("bool_or");
export const some = unary("some");
export const bitAnd = unary("bit_and");
export const bitOr = unary("bit_or");
export const bitXor = unary("bit_xor");
export const maxBy = ofColumns("max_by");
export const minBy = ofColumns("min_by");
export const percentile = withValues("percentile");

function ignoring(name: string, column: ColumnOrName, ignoreNulls: boolean): Column {
  const flag: Expression[] = ignoreNulls ? [{ kind: "literal", value: true, type: booleanType, nullable: false }] : [];
  return make(name, [columnExpression(column), ...flag]);
}
