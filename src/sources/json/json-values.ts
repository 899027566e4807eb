import { SparkException } from "../../common/index.js";
import {
  ArrayType,
  BinaryType,
  BooleanType,
  ByteType,
  type DataType,
  DateType,
  DecimalType,
  DoubleType,
  fitsPrecision,
  FloatType,
  IntegerType,
  LongType,
  MapType,
  parseDecimal,
  ShortType,
  StringType,
  StructType,
  TimestampNTZType,
  TimestampType,
} from "../../sql/types/index.js";
import { dateTimeParsers } from "../shared/datetime-parsers.js";
import { decimalReader } from "../shared/decimal-reader.js";
import type { JsonOptions } from "./json-options.js";
import type { JsonKind, JsonScanner } from "./json-scanner.js";

/** Consumes the next value and returns it as an internal value. */
export type JsonConverter = (scanner: JsonScanner) => unknown;

/** A value that could be read in part only: the part, and why the rest failed. */
export class PartialValue extends Error {
  constructor(
    readonly value: unknown,
    override readonly cause: unknown,
  ) {
    super("partial value");
  }
}

/** A value that is there but is not of the type asked for. */
export class WrongValue extends SparkException {
  constructor(type: DataType, text: string) {
    super(`Cannot parse the value ${text} of the JSON string as target Spark data type "${type.sql()}".`, {
      condition: "CANNOT_PARSE_JSON_FIELD",
      sqlState: "2203G",
      parameters: { fieldValue: text, dataType: `"${type.sql()}"` },
    });
  }
}

/** The converter of a type; undefined where JSON has no form for it. Nulls are consumed as null. */
export function jsonConverter(type: DataType, options: JsonOptions, zone: string): JsonConverter | undefined {
  const convert = valueConverter(type, options, zone);
  if (!convert) return undefined;
  return (scanner) => {
    const kind = scanner.next();
    if (kind === "null") {
      scanner.literal("null");
      return null;
    }
    return convert(scanner, kind);
  };
}

type KindConverter = (scanner: JsonScanner, kind: JsonKind) => unknown;

function valueConverter(type: DataType, options: JsonOptions, zone: string): KindConverter | undefined {
  const wrong = (scanner: JsonScanner): never => {
    throw new WrongValue(type, scanner.copy());
  };
  const wrongText = (text: string): never => {
    throw new WrongValue(type, JSON.stringify(text));
  };
  if (type instanceof StringType) return (scanner, kind) => (kind === "string" ? scanner.string() : scanner.raw());
  if (type instanceof BooleanType) {
    return (scanner, kind) => {
      if (kind !== "true" && kind !== "false") return wrong(scanner);
      scanner.literal(kind);
      return kind === "true";
    };
  }
  const bits = type instanceof ByteType ? 8 : type instanceof ShortType ? 16 : type instanceof IntegerType ? 32 : type instanceof LongType ? 64 : 0; // prettier-ignore
  if (bits > 0) {
    return (scanner, kind) => {
      if (kind !== "int") return wrong(scanner);
      const text = scanner.number();
      const value = BigInt(text);
      if (BigInt.asIntN(bits, value) !== value) throw new WrongValue(type, text);
      return bits === 64 ? value : Number(value);
    };
  }
  if (type instanceof DoubleType || type instanceof FloatType) {
    return (scanner, kind) => {
      if (kind === "int" || kind === "float") return Number(scanner.number());
      if (kind !== "string") return wrong(scanner);
      const text = scanner.string();
      return options.syntax.nonNumericNumbers && SPECIAL.has(text) ? SPECIAL.get(text) : wrongText(text);
    };
  }
  if (type instanceof DecimalType) {
    const read = decimalReader(options.locale);
    return (scanner, kind) => {
      if (kind !== "int" && kind !== "float" && kind !== "string") return wrong(scanner);
      const text = kind === "string" ? scanner.string() : scanner.number();
      const value = kind === "string" ? read(text, type.scale) : parseDecimal(text, type.scale);
      return value === undefined || !fitsPrecision(value, type.precision) ? wrongText(text) : value;
    };
  }
  const parsers = dateTimeParsers(options, zone);
  if (type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType) {
    const parse = type instanceof DateType ? parsers.date : type instanceof TimestampType ? parsers.timestamp : parsers.timestampNTZ; // prettier-ignore
    const storedDays = type instanceof DateType && options.dateFormat === undefined;
    return (scanner, kind) => {
      if (kind === "int" && type instanceof TimestampType)
        return secondsToMicros(scanner.number()) ?? wrongText("a number of seconds");
      if (kind !== "string") return wrong(scanner);
      const text = scanner.string();
      return parse(text) ?? (storedDays ? daysOf(text) : undefined) ?? wrongText(text);
    };
  }
  if (type instanceof BinaryType) {
    return (scanner, kind) => {
      if (kind !== "string") return wrong(scanner);
      const text = scanner.string();
      // Jackson takes bad Base64 for a broken document, not for a wrong value.
      if (!BASE64.test(text)) throw scanner.fail("text that is no Base64");
      return new Uint8Array(Buffer.from(text, "base64"));
    };
  }
  if (type instanceof ArrayType) return arrayConverter(type, options, zone, wrong);
  if (type instanceof MapType) return mapConverter(type, options, zone, wrong);
  if (type instanceof StructType) {
    const struct = structConverter(type, options, zone);
    return struct && ((scanner, kind) => (kind === "object" ? struct(scanner) : wrong(scanner)));
  }
  return undefined;
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function secondsToMicros(text: string): bigint | undefined {
  const seconds = BigInt(text);
  return BigInt.asIntN(64, seconds) === seconds ? BigInt.asIntN(64, seconds * 1_000_000n) : undefined;
}

/** Spark 1.5 stored dates as text of the number of days; it is still read. */
function daysOf(text: string): number | undefined {
  const days = /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
  return days === (days | 0) ? days : undefined;
}

const SPECIAL: ReadonlyMap<string, number> = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["+Infinity", Infinity],
  ["+INF", Infinity],
  ["-Infinity", -Infinity],
  ["-INF", -Infinity],
]);

type Wrong = (scanner: JsonScanner) => never;

function arrayConverter(type: ArrayType, options: JsonOptions, zone: string, wrong: Wrong): KindConverter | undefined {
  const item = jsonConverter(type.elementType, options, zone);
  if (!item) return undefined;
  return (scanner, kind) => {
    if (kind !== "array") return wrong(scanner);
    const values: unknown[] = [];
    const failed = new FirstFailure();
    scanner.array(() =>
      failed.run(
        () => values.push(item(scanner)),
        (part) => values.push(part),
        false,
      ),
    );
    return failed.result(values);
  };
}

function mapConverter(type: MapType, options: JsonOptions, zone: string, wrong: Wrong): KindConverter | undefined {
  const item = jsonConverter(type.valueType, options, zone);
  if (!item || !(type.keyType instanceof StringType)) return undefined;
  return (scanner, kind) => {
    if (kind !== "object") return wrong(scanner);
    const entries: unknown[] = [];
    const failed = new FirstFailure();
    scanner.object((key) =>
      failed.run(
        () => entries.push([key, item(scanner)]),
        (part) => entries.push([key, part]),
        false,
      ),
    );
    return failed.result(entries);
  };
}

/** Reads an object into an array of field values; a field that fails is null, the others are still read. */
export function structConverter(type: StructType, options: JsonOptions, zone: string): JsonConverter | undefined {
  const fields = new Map<string, { index: number; convert: JsonConverter }>();
  for (const [index, field] of type.fields.entries()) {
    const convert = jsonConverter(field.dataType, options, zone);
    if (!convert) return undefined;
    fields.set(field.name, { index, convert });
  }
  return (scanner) => {
    const values: unknown[] = new Array(type.length).fill(null);
    const failed = new FirstFailure();
    scanner.object((name) => {
      const field = fields.get(name);
      if (!field) return scanner.skip();
      const put = (value: unknown): void => void (values[field.index] = value);
      failed.run(() => put(field.convert(scanner)), put, true);
    });
    return failed.result(values);
  };
}

/** Remembers the first of several failures, so that one bad value does not lose its neighbours. */
class FirstFailure {
  private cause: unknown;

  /** Runs `read`; a partial value goes to `keep`; with `tolerant` a wrong value becomes a null of its neighbours. */
  run(read: () => void, keep: (part: unknown) => void, tolerant: boolean): void {
    try {
      read();
    } catch (error) {
      if (error instanceof PartialValue) {
        this.cause ??= error.cause;
        keep(error.value);
      } else if (tolerant && error instanceof WrongValue) this.cause ??= error;
      else throw error;
    }
  }

  result(value: unknown): unknown {
    if (this.cause === undefined) return value;
    throw new PartialValue(value, this.cause);
  }
}
