import { floorDiv } from "../../../common/index.js";
import {
  defineFunction,
  type EvalContext,
  localTime,
  MICROS_PER_DAY,
  type ScalarFunction,
  takes,
} from "../../expressions/index.js";
import { dateType, stringType, timestampType } from "../../types/index.js";

const now = (context: EvalContext): bigint => context.now ?? BigInt(Date.now()) * 1000n;

export const currentTimestamp = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["current_timestamp", "now"],
  doc: "The moment at which the query started.",
  signature: takes([], timestampType),
  deterministic: false,
  nullable: "never",
  eval(_, context) {
    const micros = now(context);
    return () => micros;
  },
});

export const currentDate = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["current_date", "curdate"],
  doc: "The date in the session's time zone at which the query started.",
  signature: takes([], dateType),
  deterministic: false,
  nullable: "never",
  eval(_, context) {
    const days = Number(floorDiv(localTime(context.timeZone).toLocal(now(context)), MICROS_PER_DAY));
    return () => days;
  },
});

export const currentTimeZone = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["current_timezone"],
  doc: "The session's time zone.",
  signature: takes([], stringType),
  nullable: "never",
  eval: (_, context) => () => context.timeZone,
});
