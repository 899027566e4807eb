import {
  checkCount,
  datePattern,
  defineFunction,
  expects,
  implicitCast,
  literalOf,
  localTime,
  MICROS_PER_SECOND,
  type ScalarFunction,
  takes,
  typeOf,
} from "../../expressions/index.js";
import {
  DateType,
  dateType,
  integerType,
  longType,
  StringType,
  stringType,
  TimestampNTZType,
  timestampType,
} from "../../types/index.js";
import { instantParser } from "./parse-by-pattern.js";

const DEFAULT_PATTERN = "yyyy-MM-dd HH:mm:ss";

export const unixTimestamp = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["unix_timestamp", "to_unix_timestamp"],
  doc: "Seconds since 1970 of a timestamp, of a date's start, or of a text in a pattern; of now without arguments.",
  signature(args, call) {
    checkCount(call, 0, 2);
    if (args.length === 0) {
      const now = { kind: "call", name: "current_timestamp", args: [] } as const;
      return { args, type: longType, replacement: { ...call, args: [now] } };
    }
    const type = typeOf(args[0]);
    const first =
      type instanceof DateType || type instanceof TimestampNTZType
        ? ({ kind: "cast", child: args[0], type: timestampType, lenient: false, implicit: true } as const)
        : implicitCast(args[0], [stringType, timestampType], call, 0);
    const pattern = implicitCast(args[1] ?? literalOf(DEFAULT_PATTERN, stringType), stringType, call, 1);
    if (first !== args[0] && first.kind === "cast") {
      return { args, type: longType, replacement: { ...call, args: [first, pattern] } };
    }
    return { args: [first, pattern], type: longType };
  },
  eval(call, context) {
    if (!(typeOf(call.args[0]) instanceof StringType)) return (micros: bigint) => micros / MICROS_PER_SECOND;
    const parse = instantParser(context, "try_to_timestamp", false);
    return (text: string, pattern: string) => parse(text, pattern)! / MICROS_PER_SECOND;
  },
});

export const fromUnixTime = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["from_unixtime"],
  doc: "Seconds since 1970 as text in a pattern.",
  signature: (args, call) => {
    const signed = takes([longType, stringType], stringType, { optional: 1 })(args, call);
    return { ...signed, args: [signed.args[0], signed.args[1] ?? literalOf(DEFAULT_PATTERN, stringType)] };
  },
  nullable: "sometimes",
  eval(_, context) {
    const { zone } = localTime(context.timeZone);
    return (seconds: bigint, pattern: string) => datePattern(pattern).format(seconds * MICROS_PER_SECOND, zone);
  },
});

const scaled = (name: string, doc: string, divisor: bigint): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature: expects([timestampType], longType),
    eval: () => (micros: bigint) => {
      const quotient = micros / divisor;
      return micros % divisor < 0n ? quotient - 1n : quotient;
    },
  });

export const unixSeconds = scaled("unix_seconds", "Seconds since 1970 of a timestamp.", 1_000_000n);
export const unixMillis = scaled("unix_millis", "Milliseconds since 1970 of a timestamp.", 1000n);
export const unixMicros = scaled("unix_micros", "Microseconds since 1970 of a timestamp.", 1n);

export const unixDate = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["unix_date"],
  doc: "Days since 1970 of a date.",
  signature: expects([dateType], integerType),
  eval: () => (days: number) => days,
});
export const dateFromUnixDate = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["date_from_unix_date"],
  doc: "The date some days after 1970-01-01.",
  signature: takes([integerType], dateType),
  eval: () => (days: number) => days,
});
