import { floorDiv } from "../../../common/index.js";
import {
  checkCount,
  defineFunction,
  type Expression,
  implicitCast,
  localTime,
  MICROS_PER_DAY,
  type ScalarFunction,
  typeOf,
} from "../../expressions/index.js";
import {
  type DataType,
  DateType,
  dateType,
  StringType,
  stringType,
  TimestampType,
  timestampType,
} from "../../types/index.js";
import { instantParser } from "./parse-by-pattern.js";

/** Without a pattern (or for what is no text) a cast; with one, parsing by it. */
const parsing = (name: string, doc: string, type: DataType, lenient: boolean): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    ...(lenient ? { nullable: "sometimes" } : {}),
    signature(args, call) {
      checkCount(call, 1, 2);
      if (args.length === 1 || !(typeOf(args[0]) instanceof StringType)) {
        const cast: Expression = { kind: "cast", child: args[0], type, lenient };
        return { args, type, replacement: cast };
      }
      return { args: [args[0], implicitCast(args[1], stringType, call, 1)], type };
    },
    eval(_, context) {
      const suggestion = type instanceof DateType ? "try_to_date" : "try_to_timestamp";
      const parse = instantParser(context, suggestion, lenient);
      if (type instanceof TimestampType) return parse;
      const zone = localTime(context.timeZone);
      return (text: string, pattern: string) => {
        const micros = parse(text, pattern);
        return micros === null ? null : Number(floorDiv(zone.toLocal(micros), MICROS_PER_DAY));
      };
    },
  });

export const toDate = parsing(
  "to_date",
  "The date that a text says, by a pattern or as a cast reads it.",
  dateType,
  false,
);
export const tryToDate = parsing("try_to_date", "As to_date, with null where the text is no date.", dateType, true);
export const toTimestamp = parsing(
  "to_timestamp",
  "The timestamp that a text says, by a pattern or as a cast reads it.",
  timestampType,
  false,
);
export const tryToTimestamp = parsing(
  "try_to_timestamp",
  "As to_timestamp, with null where the text is no timestamp.",
  timestampType,
  true,
);
