import { decodeUtf8 } from "../../columnar/index.js";
import { validDate } from "../../common/index.js";
import {
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
  ShortType,
  StringType,
  TimestampNTZType,
  TimestampType,
} from "../../sql/types/index.js";
import { BoolSink, BytesSink, DecimalSink, LongSink, NumberSink, type ValueSink } from "../shared/value-sinks.js";
import type { CsvOptions } from "./csv-options.js";
import { type DateTimeParsers, dateTimeParsers } from "../shared/datetime-parsers.js";
import { decimalReader } from "../shared/decimal-reader.js";
import { parseJavaDouble, parseJavaLong, parseSimpleDouble, parseSimpleInteger } from "../shared/java-number.js";

/** A column being read: `parse` appends the value of a field's bytes, or returns false when they are no such value. */
export interface CsvColumn {
  readonly sink: ValueSink;
  readonly parse: (bytes: Uint8Array, start: number, end: number) => boolean;
}

/** The parser of a type; undefined where CSV has no text form for it. */
export function csvColumn(type: DataType, options: CsvOptions, zone: string, capacity: number): CsvColumn | undefined {
  if (type instanceof StringType || type instanceof BinaryType) {
    const sink = new BytesSink(type instanceof StringType ? "utf8" : "binary", capacity);
    return column(sink, (bytes, start, end) => {
      sink.append(bytes, start, end);
      return true;
    });
  }
  if (type instanceof DoubleType || type instanceof FloatType) return realColumn(type, options, capacity);
  if (type instanceof IntegerType) return integerColumn("i32", 2 ** 31, capacity);
  if (type instanceof ShortType) return integerColumn("i16", 2 ** 15, capacity);
  if (type instanceof ByteType) return integerColumn("i8", 2 ** 7, capacity);
  if (type instanceof LongType) return longColumn(capacity);
  if (type instanceof BooleanType) return booleanColumn(capacity);
  if (type instanceof DecimalType) return decimalColumn(type, options, capacity);
  if (type instanceof DateType) return dateColumn(dateTimeParsers(options, zone), options, capacity);
  if (type instanceof TimestampType || type instanceof TimestampNTZType) {
    return timestampColumn(type, dateTimeParsers(options, zone), options, capacity);
  }
  return undefined;
}

const column = (sink: ValueSink, parse: CsvColumn["parse"]): CsvColumn => ({ sink, parse });

function realColumn(type: DataType, options: CsvOptions, capacity: number): CsvColumn {
  const sink = new NumberSink(type instanceof DoubleType ? "f64" : "f32", capacity);
  const special = new Map([
    [options.nanValue, NaN],
    [options.negativeInf, -Infinity],
    [options.positiveInf, Infinity],
  ]);
  const hasDigits = [...special.keys()].some((name) => /^[\d.+-]/.test(name) && name !== "-Inf");
  return column(sink, (bytes, start, end) => {
    const simple = hasDigits ? NaN : parseSimpleDouble(bytes, start, end);
    if (simple === simple) {
      sink.append(simple);
      return true;
    }
    const text = decodeUtf8(bytes, start, end);
    const value = special.get(text) ?? parseJavaDouble(text);
    if (value === undefined) return false;
    sink.append(value);
    return true;
  });
}

function integerColumn(layout: "i8" | "i16" | "i32", limit: number, capacity: number): CsvColumn {
  const sink = new NumberSink(layout, capacity);
  return column(sink, (bytes, start, end) => {
    let value = parseSimpleInteger(bytes, start, end);
    if (value !== value) value = Number(parseJavaLong(decodeUtf8(bytes, start, end)) ?? NaN);
    if (!(value >= -limit && value < limit)) return false;
    sink.append(value);
    return true;
  });
}

function longColumn(capacity: number): CsvColumn {
  const sink = new LongSink(capacity);
  return column(sink, (bytes, start, end) => {
    const simple = parseSimpleInteger(bytes, start, end);
    if (simple === simple) {
      sink.appendNumber(simple);
      return true;
    }
    const value = parseJavaLong(decodeUtf8(bytes, start, end));
    if (value === undefined) return false;
    sink.append(value);
    return true;
  });
}

function booleanColumn(capacity: number): CsvColumn {
  const sink = new BoolSink(capacity);
  return column(sink, (bytes, start, end) => {
    if (end - start !== 4 && end - start !== 5) return false;
    const text = decodeUtf8(bytes, start, end).toLowerCase();
    if (text !== "true" && text !== "false") return false;
    sink.append(text === "true");
    return true;
  });
}

function decimalColumn(type: DecimalType, options: CsvOptions, capacity: number): CsvColumn {
  const sink = new DecimalSink(capacity);
  const read = decimalReader(options.locale);
  return column(sink, (bytes, start, end) => {
    const unscaled = read(decodeUtf8(bytes, start, end), type.scale);
    if (unscaled === undefined || !fitsPrecision(unscaled, type.precision)) return false;
    sink.append(unscaled);
    return true;
  });
}

/** Days of `yyyy-MM-dd` in ASCII; undefined for anything else, which a slower parser decides. */
export function simpleDate(bytes: Uint8Array, start: number): number | undefined {
  if (bytes[start + 4] !== 45 || bytes[start + 7] !== 45) return undefined;
  const year = digits(bytes, start, 4);
  const month = digits(bytes, start + 5, 2);
  const day = digits(bytes, start + 8, 2);
  return year + month + day >= 0 ? validDate(year, month, day) : undefined;
}

function digits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let i = start; i < start + count; i++) {
    const d = bytes[i] - 48;
    if (d < 0 || d > 9) return NaN;
    value = value * 10 + d;
  }
  return value;
}

function dateColumn(parsers: DateTimeParsers, { dateFormat }: CsvOptions, capacity: number): CsvColumn {
  const sink = new NumberSink("i32", capacity);
  const simple = dateFormat === undefined || dateFormat === "yyyy-MM-dd";
  return column(sink, (bytes, start, end) => {
    const days =
      (simple && end - start === 10 ? simpleDate(bytes, start) : undefined) ??
      parsers.date(decodeUtf8(bytes, start, end));
    if (days === undefined) return false;
    sink.append(days);
    return true;
  });
}

function timestampColumn(type: DataType, parsers: DateTimeParsers, options: CsvOptions, capacity: number): CsvColumn {
  const sink = new LongSink(capacity);
  const isNTZ = type instanceof TimestampNTZType;
  const parse = isNTZ ? parsers.timestampNTZ : parsers.timestamp;
  const simple = (isNTZ ? options.timestampNTZFormat : options.timestampFormat) === undefined;
  const isUtc = isNTZ || /^(UTC|GMT|Z)$/.test(parsers.zone.id);
  return column(sink, (bytes, start, end) => {
    const seconds = simple ? simpleSeconds(bytes, start, end, isUtc, isNTZ) : NaN;
    if (seconds === seconds) {
      sink.appendNumber(seconds * 1e6);
      return true;
    }
    const micros = parse(decodeUtf8(bytes, start, end));
    if (micros === undefined) return false;
    sink.append(micros);
    return true;
  });
}

/** Seconds since 1970 of `yyyy-MM-dd HH:mm:ss`, with `T` for the blank, and `Z` behind; NaN for anything else. */
export function simpleSeconds(bytes: Uint8Array, start: number, end: number, isUtc: boolean, isNTZ: boolean): number {
  const size = end - start;
  const hasZ = size === 20 && bytes[end - 1] === 90;
  if (!(hasZ && !isNTZ) && !(size === 19 && isUtc)) return NaN;
  const gap = bytes[start + 10];
  if ((gap !== 32 && gap !== 84) || bytes[start + 13] !== 58 || bytes[start + 16] !== 58) return NaN;
  const days = simpleDate(bytes, start);
  const hour = digits(bytes, start + 11, 2);
  const minute = digits(bytes, start + 14, 2);
  const second = digits(bytes, start + 17, 2);
  if (days === undefined || !(hour < 24 && minute < 60 && second < 60)) return NaN;
  return days * 86_400 + hour * 3600 + minute * 60 + second;
}
