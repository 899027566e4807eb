import {
  checkCount,
  defineFunction,
  floorMod,
  implicitCast,
  localTime,
  MICROS_PER_DAY,
  type ScalarFunction,
  typeOf,
} from "../../expressions/index.js";
import { integerType, TimestampNTZType, timestampType } from "../../types/index.js";

const part = (name: string, doc: string, unit: number, count: number): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature(args, call) {
      checkCount(call, 1, 1);
      const arg = typeOf(args[0]) instanceof TimestampNTZType ? args[0] : implicitCast(args[0], timestampType, call, 0);
      return { args: [arg], type: integerType };
    },
    eval(call, context) {
      const local = typeOf(call.args[0]) instanceof TimestampNTZType;
      const { toLocal } = localTime(context.timeZone);
      return (micros: bigint) => {
        const inDay = Number(floorMod(local ? micros : toLocal(micros), MICROS_PER_DAY));
        return Math.floor(inDay / unit) % count;
      };
    },
  });

export const hour = part("hour", "The hour of a timestamp.", 3.6e9, 24);
export const minute = part("minute", "The minute of a timestamp.", 6e7, 60);
export const second = part("second", "The second of a timestamp.", 1e6, 60);
