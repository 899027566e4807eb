import { XORShiftRandom } from "../../common/index.js";
import {
  booleanType,
  BooleanType,
  type DataType,
  dateType,
  DateType,
  DecimalType,
  doubleType,
  DoubleType,
  integerType,
  IntegerType,
  longType,
  LongType,
  nullType,
  NullType,
  StringType,
  stringType,
  StructField,
  StructType,
  timestampType,
  TimestampType,
} from "../../sql/types/index.js";
import type { SourceFile } from "../../sql/source/index.js";
import { simpleDate, simpleSeconds } from "./csv-columns.js";
import type { CsvOptions } from "./csv-options.js";
import { fieldText, fieldTexts, malformed } from "./csv-reader.js";
import { type CsvRecord, recordSource } from "./csv-records.js";
import { type DateTimeParsers, dateTimeParsers } from "../shared/datetime-parsers.js";
import { plainText } from "../shared/decimal-reader.js";
import { parseJavaDouble, parseJavaLong, parseSimpleDouble, parseSimpleInteger } from "../shared/java-number.js";
import { MISSING, RAW, type RecordTokenizer } from "./record-tokenizer.js";

/** Schema of CSV files: names from the first record of the first file that has one, types from all values. */
export async function inferCsvSchema(
  files: readonly SourceFile[],
  options: CsvOptions,
  zone: string,
): Promise<StructType> {
  let names: string[] | undefined;
  let types: DataType[] = [];
  const inference = new TypeInference(options, dateTimeParsers(options, zone));
  let firstLine: string | undefined;
  const random = options.samplingRatio < 1 ? new XORShiftRandom(1) : undefined;
  const isSampled = (): boolean => !random || random.nextDouble() < options.samplingRatio;
  const isHeader = (record: CsvRecord): boolean => {
    if (firstLine === undefined) return false;
    return record.end - record.start === firstBytes && lineOf(record) === firstLine;
  };
  let firstBytes = -1;
  for (const file of files) {
    const onRecord = (record: CsvRecord, tokenizer: RecordTokenizer): boolean => {
      if (!names) {
        const fields = fieldTexts(record.bytes, tokenizer);
        names = options.header ? safeHeader(fields) : fields.map((_, i) => `_c${i}`);
        types = names.map(() => nullType);
        if (options.header) {
          firstLine = lineOf(record);
          firstBytes = record.end - record.start;
        }
      }
      const keep = isSampled();
      if (!options.inferSchema) return false;
      if (!keep || isHeader(record)) return true;
      const count = Math.min(types.length, tokenizer.count);
      for (let k = 0; k < count; k++) {
        if (!inference.fits(types[k], record.bytes, tokenizer, k)) {
          types[k] = inference.next(types[k], fieldText(record.bytes, tokenizer, k));
        }
      }
      return true;
    };
    const split = { file, start: 0, end: Infinity };
    try {
      // The first record counts as a line of the sample too, as in Spark.
      for await (const _ of recordSource({ ...options, header: false }).run(split, onRecord, onRecord));
    } catch (error) {
      throw malformed(error);
    }
    if (names && !options.inferSchema) break;
  }
  const known = names ?? [];
  return new StructType(known.map((name, i) => new StructField(name, finalType(types[i], options), true)));
}

const decoder = new TextDecoder();
const lineOf = ({ bytes, start, end }: CsvRecord): string => decoder.decode(bytes.slice(start, end));

const finalType = (type: DataType, { inferSchema }: CsvOptions): DataType =>
  !inferSchema || type instanceof NullType ? stringType : type;

/** Column names as Spark makes them: a repeated name gets its position, a missing one is `_c` and its position. */
function safeHeader(fields: readonly (string | null)[]): string[] {
  const seen = new Map<string, number>();
  for (const field of fields) if (field) seen.set(field.toLowerCase(), (seen.get(field.toLowerCase()) ?? 0) + 1);
  return fields.map((field, i) => {
    if (!field) return `_c${i}`;
    return seen.get(field.toLowerCase())! > 1 ? `${field}${i}` : field;
  });
}

/** The narrowest type of a column's values so far, in Spark's order: int, long, decimal, double, date, timestamp, boolean, string. */
export class TypeInference {
  private readonly plain: (text: string) => string | undefined;
  private readonly nullBytes: Uint8Array;
  /** Each type with the test of a value's text, in the order in which they are tried. */
  private readonly tries: readonly (readonly [abstract new () => DataType, (field: string) => DataType | undefined])[] =
    [
      [IntegerType, (f) => this.integer(f)],
      [LongType, (f) => (parseJavaLong(f) === undefined ? undefined : longType)],
      [DecimalType, (f) => this.decimal(f)],
      [DoubleType, (f) => this.double(f)],
      [DateType, (f) => (this.options.preferDate && this.parsers.strictDate(f) !== undefined ? dateType : undefined)],
      [TimestampType, (f) => (this.parsers.timestamp(f) === undefined ? undefined : timestampType)],
      [BooleanType, (f) => (/^(true|false)$/i.test(f) ? booleanType : undefined)],
    ];

  constructor(
    private readonly options: CsvOptions,
    private readonly parsers: DateTimeParsers,
  ) {
    const isUS = /^en[-_]US$/i.test(options.locale);
    this.nullBytes = new TextEncoder().encode(options.nullValue);
    this.plain = isUS ? (text) => text : plainText(options.locale);
  }

  /** Whether a field certainly does not change the column's type; most are decided here, without making a string. */
  fits(sofar: DataType, bytes: Uint8Array, tokenizer: RecordTokenizer, k: number): boolean {
    if (sofar instanceof StringType || tokenizer.kinds[k] === MISSING) return true;
    if (tokenizer.kinds[k] !== RAW) return false;
    const start = tokenizer.starts[k];
    const end = tokenizer.ends[k];
    if (this.isNull(bytes, start, end)) return true;
    if (sofar instanceof IntegerType || sofar instanceof LongType) {
      const value = parseSimpleInteger(bytes, start, end);
      return value === value && (sofar instanceof LongType || value === (value | 0));
    }
    if (sofar instanceof DoubleType) {
      const value = parseSimpleDouble(bytes, start, end);
      return value === value;
    }
    if (sofar instanceof TimestampType && this.options.timestampFormat === undefined) {
      const seconds = simpleSeconds(bytes, start, end, true, false);
      return seconds === seconds;
    }
    const isPlainDate = sofar instanceof DateType && this.options.dateFormat === undefined && end - start === 10;
    return isPlainDate && simpleDate(bytes, start) !== undefined;
  }

  private isNull(bytes: Uint8Array, start: number, end: number): boolean {
    const { nullBytes } = this;
    if (end - start !== nullBytes.length) return false;
    for (let i = 0; i < nullBytes.length; i++) if (bytes[start + i] !== nullBytes[i]) return false;
    return true;
  }

  next(sofar: DataType, field: string | null): DataType {
    if (field === null || field === "" || field === this.options.nullValue || sofar instanceof StringType) return sofar;
    return compatible(sofar, this.typeOf(sofar, field));
  }

  /** The type of one value, not narrower than what the column already has. */
  private typeOf(sofar: DataType, field: string): DataType {
    const from = this.tries.findIndex(([Type]) => sofar instanceof Type);
    for (const [, attempt] of this.tries.slice(Math.max(0, from))) {
      const type = attempt(field);
      if (type) return type;
    }
    return stringType;
  }

  private integer(field: string): DataType | undefined {
    const value = parseJavaLong(field);
    return value !== undefined && BigInt.asIntN(32, value) === value ? integerType : undefined;
  }

  /** Decimals without digits after the point only: other text forms would look like decimals too often. */
  private decimal(field: string): DataType | undefined {
    const text = this.plain(field);
    const match = text === undefined ? null : /^[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
    if (!match || (match[1] === "" && !match[2])) return undefined;
    const scale = (match[2]?.length ?? 0) - Number(match[3] ?? 0);
    const digits = (match[1] + (match[2] ?? "")).replace(/^0+(?=\d)/, "").length;
    return scale === 0 && digits <= DecimalType.MAX_PRECISION ? new DecimalType(digits, 0) : undefined;
  }

  private double(field: string): DataType | undefined {
    const { nanValue, negativeInf, positiveInf } = this.options;
    const special = field === nanValue || field === negativeInf || field === positiveInf;
    return special || parseJavaDouble(field) !== undefined ? doubleType : undefined;
  }
}

const RANKS = [IntegerType, LongType, DoubleType];
const rank = (type: DataType): number => RANKS.findIndex((Type) => type instanceof Type);

/** The type that holds values of both; string when there is no other. */
export function compatible(a: DataType, b: DataType): DataType {
  if (a instanceof NullType) return b;
  if (b instanceof NullType || a.equals(b)) return a;
  const [x, y] = [asDecimal(a, b), asDecimal(b, a)];
  if (x instanceof DecimalType && y instanceof DecimalType) {
    const scale = Math.max(x.scale, y.scale);
    const range = Math.max(x.precision - x.scale, y.precision - y.scale);
    return range + scale > DecimalType.MAX_PRECISION ? doubleType : new DecimalType(range + scale, scale);
  }
  if (a instanceof DecimalType || b instanceof DecimalType) {
    return a instanceof DoubleType || b instanceof DoubleType ? doubleType : stringType;
  }
  if (rank(a) >= 0 && rank(b) >= 0) return rank(a) > rank(b) ? a : b;
  const isTime = (type: DataType): boolean => type instanceof DateType || type instanceof TimestampType;
  return isTime(a) && isTime(b) ? timestampType : stringType;
}

/** An integral type as the decimal that holds it, when the other one is a decimal. */
function asDecimal(type: DataType, other: DataType): DataType {
  if (!(other instanceof DecimalType)) return type;
  if (type instanceof IntegerType) return new DecimalType(10, 0);
  return type instanceof LongType ? new DecimalType(20, 0) : type;
}
