import { floorDiv, parseDate, parseTimestamp, parseTimestampNTZ, timeZone, trimAll } from "../../../common/index.js";
import {
  ArrayType,
  BinaryType,
  BooleanType,
  ByteType,
  type DataType,
  DateType,
  DecimalType,
  decimalText,
  divideHalfUp,
  DoubleType,
  fitsPrecision,
  FloatType,
  IntegerType,
  IntegralType,
  LongType,
  MapType,
  NullType,
  parseDecimal,
  powerOfTen,
  rescale,
  ShortType,
  StringType,
  StructType,
  TimestampNTZType,
  TimestampType,
} from "../../types/index.js";
import { isFloating, isNumeric, isTimestamp } from "../coercion.js";
import { localTime, MICROS_PER_DAY, MICROS_PER_SECOND } from "../local-time.js";
import { castOverflow, invalidInput, outOfPrecision } from "./cast-errors.js";
import { parseBoolean, parseDouble, parseInteger } from "./parse-number.js";
import { textConverter } from "./text-of.js";

export interface CastOptions {
  /** `try_cast`: null where the value does not convert. */
  readonly lenient: boolean;
  readonly timeZone: string;
}

/** Converts a value that is not null; undefined when it does not convert. */
type Convert = (value: never) => unknown;
interface Cast {
  readonly convert: Convert;
  error(value: never): Error;
}

/** A function that casts internal values (null stays null), with Spark's ANSI errors. */
export function castFunction(from: DataType, to: DataType, options: CastOptions): (value: unknown) => unknown {
  if (from.equals(to)) return (value) => value;
  const { convert, error } = castOf(from, to, options) as { convert(v: unknown): unknown; error(v: unknown): Error };
  const { lenient } = options;
  return (value) => {
    if (value === null || value === undefined) return null;
    const converted = convert(value);
    if (converted !== undefined) return converted;
    if (lenient) return null;
    throw error(value);
  };
}

const total = (convert: Convert): Cast => ({
  convert,
  error: () => new Error("this cast does not fail"),
});

function castOf(from: DataType, to: DataType, options: CastOptions): Cast {
  if (from instanceof NullType) return total(() => null);
  if (to instanceof StringType) return total(textConverter(from, options.timeZone));
  if (from instanceof StringType) return fromString(to, options);
  if (isNumeric(from) || from instanceof BooleanType) return fromNumber(from, to);
  if (from instanceof DateType || isTimestamp(from)) return fromDatetime(from, to, options);
  if (from instanceof ArrayType && to instanceof ArrayType) {
    const element = castFunction(from.elementType, to.elementType, options);
    return total((values: readonly unknown[]) => values.map(element));
  }
  if (from instanceof MapType && to instanceof MapType) {
    const key = castFunction(from.keyType, to.keyType, options);
    const value = castFunction(from.valueType, to.valueType, options);
    return total((entries: readonly (readonly [unknown, unknown])[]) => entries.map(([k, v]) => [key(k), value(v)]));
  }
  if (from instanceof StructType && to instanceof StructType) {
    const fields = from.fields.map((field, i) => castFunction(field.dataType, to.fields[i].dataType, options));
    return total((values: readonly unknown[]) => fields.map((field, i) => field(values[i])));
  }
  return total((value: unknown) => value);
}

const encoder = new TextEncoder();

function fromString(to: DataType, options: CastOptions): Cast {
  const error = (value: string): Error => invalidInput(value, to);
  const range = ranges.get(to.constructor);
  if (range) {
    const [low, high] = range.map(BigInt);
    return {
      error,
      convert(text: string) {
        const value = parseInteger(text);
        return value === undefined || value < low || value > high ? undefined : Number(value);
      },
    };
  }
  if (to instanceof LongType) {
    return {
      error,
      convert(text: string) {
        const value = parseInteger(text);
        return value !== undefined && fitsLong(value) ? value : undefined;
      },
    };
  }
  if (to instanceof DoubleType) return { error, convert: parseDouble };
  if (to instanceof FloatType) {
    return {
      error,
      convert(text: string) {
        const value = parseDouble(text);
        return value === undefined ? undefined : Math.fround(value);
      },
    };
  }
  if (to instanceof DecimalType) {
    return {
      convert(text: string) {
        const unscaled = parseDecimal(trimAll(text), to.scale);
        return unscaled !== undefined && fitsPrecision(unscaled, to.precision) ? unscaled : undefined;
      },
      error: (text: string) =>
        parseDecimal(trimAll(text), to.scale) === undefined ? error(text) : outOfPrecision(trimAll(text), to),
    };
  }
  if (to instanceof BooleanType) return { error, convert: parseBoolean };
  if (to instanceof BinaryType) return total((text: string) => encoder.encode(text));
  if (to instanceof DateType) return { error, convert: parseDate };
  if (to instanceof TimestampNTZType) return { error, convert: (text: string) => parseTimestampNTZ(text) };
  const zone = timeZone(options.timeZone);
  return { error, convert: (text: string) => parseTimestamp(text, zone) };
}

const ranges = new Map<unknown, readonly [number, number]>([
  [ByteType, [-128, 127]],
  [ShortType, [-32_768, 32_767]],
  [IntegerType, [-2_147_483_648, 2_147_483_647]],
]);
const fitsLong = (value: bigint): boolean => BigInt.asIntN(64, value) === value;

function fromNumber(from: DataType, to: DataType): Cast {
  if (from instanceof BooleanType) {
    if (to instanceof LongType) return total((value: boolean) => (value ? 1n : 0n));
    if (to instanceof DecimalType) return total((value: boolean) => (value ? powerOfTen(to.scale) : 0n));
    return total((value: boolean) => Number(value));
  }
  const error = (value: unknown): Error => castOverflow(value, from, to);
  if (to instanceof BooleanType) return total((value: number | bigint) => value !== 0 && value !== 0n);
  if (to instanceof DoubleType || to instanceof FloatType) {
    const round = to instanceof FloatType ? Math.fround : (x: number): number => x;
    if (from instanceof DecimalType) return total((value: bigint) => round(Number(decimalText(value, from.scale))));
    return total((value: number | bigint) => round(Number(value)));
  }
  if (to instanceof DecimalType) return toDecimal(from, to);
  if (isTimestamp(to)) return numberToTimestamp(from, error);
  const range = ranges.get(to.constructor);
  if (isFloating(from)) {
    const [low, high] = range ?? [-(2 ** 63), 2 ** 63];
    const long = !range;
    return {
      error,
      convert(value: number) {
        // As Spark's exact casts: compared before truncation by floor and ceil, so 127.9 fits a byte.
        if (!(Math.floor(value) <= high && Math.ceil(value) >= low) || Number.isNaN(value)) return undefined;
        if (!long) return Math.trunc(value) + 0;
        return value >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(Math.trunc(value));
      },
    };
  }
  const integral: (value: never) => bigint | number =
    from instanceof DecimalType ? (value: bigint) => value / powerOfTen(from.scale) : (value: number | bigint) => value;
  if (!range) {
    return {
      error,
      convert(value: never) {
        const long = BigInt(integral(value));
        return fitsLong(long) ? long : undefined;
      },
    };
  }
  const [low, high] = range;
  return {
    error,
    convert(value: never) {
      const number = integral(value);
      return number >= low && number <= high ? Number(number) : undefined;
    },
  };
}

function toDecimal(from: DataType, to: DecimalType): Cast {
  const text = textConverter(from, "UTC") as (value: unknown) => string;
  const error = (value: unknown): Error => outOfPrecision(text(value), to);
  const checked = (unscaled: bigint | undefined): bigint | undefined =>
    unscaled !== undefined && fitsPrecision(unscaled, to.precision) ? unscaled : undefined;
  if (from instanceof DecimalType) return { error, convert: (v: bigint) => checked(rescale(v, from.scale, to.scale)) };
  if (from instanceof IntegralType) {
    return { error, convert: (value: number | bigint) => checked(BigInt(value) * powerOfTen(to.scale)) };
  }
  return {
    error,
    convert: (value: number) => (Number.isFinite(value) ? checked(parseDecimal(text(value), to.scale)) : null),
  };
}

function numberToTimestamp(from: DataType, error: (value: unknown) => Error): Cast {
  if (from instanceof DecimalType) {
    const factor = MICROS_PER_SECOND;
    return { error, convert: (value: bigint) => (value * factor) / powerOfTen(from.scale) };
  }
  if (isFloating(from)) {
    return {
      error,
      convert(value: number) {
        if (!Number.isFinite(value)) return undefined;
        const micros = BigInt(Math.trunc(value * 1e6));
        return fitsLong(micros) ? micros : undefined;
      },
    };
  }
  return {
    error,
    convert(value: number | bigint) {
      const micros = BigInt(value) * MICROS_PER_SECOND;
      return fitsLong(micros) ? micros : undefined;
    },
  };
}

function fromDatetime(from: DataType, to: DataType, options: CastOptions): Cast {
  const zone = localTime(options.timeZone);
  if (from instanceof DateType) {
    if (to instanceof TimestampNTZType) return total((days: number) => BigInt(days) * MICROS_PER_DAY);
    return total((days: number) => zone.toInstant(BigInt(days) * MICROS_PER_DAY));
  }
  const local: (micros: bigint) => bigint = from instanceof TimestampType ? (m) => zone.toLocal(m) : (m) => m;
  if (to instanceof DateType) return total((micros: bigint) => Number(floorDiv(local(micros), MICROS_PER_DAY)));
  if (to instanceof TimestampNTZType) return total(local);
  if (to instanceof TimestampType) return total((micros: bigint) => zone.toInstant(micros));
  if (to instanceof DecimalType) {
    return {
      convert(micros: bigint) {
        const unscaled = to.scale >= 6 ? rescale(micros, 6, to.scale) : divideHalfUp(micros, powerOfTen(6 - to.scale));
        return fitsPrecision(unscaled, to.precision) ? unscaled : undefined;
      },
      error: (micros: bigint) => outOfPrecision(decimalText(micros, 6), to),
    };
  }
  if (isFloating(to)) return total((micros: bigint) => Number(micros) / 1e6);
  const range = ranges.get(to.constructor);
  return {
    convert(micros: bigint) {
      const seconds = floorDiv(micros, MICROS_PER_SECOND);
      if (!range) return seconds;
      return seconds >= range[0] && seconds <= range[1] ? Number(seconds) : undefined;
    },
    error: (micros: bigint) => castOverflow(micros, from, to),
  };
}
