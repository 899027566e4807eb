import {
  checkCount,
  castTo,
  defineFunction,
  implicitCast,
  type ScalarFunction,
  type Signature,
  takes,
  typeOf,
  unexpectedInput,
} from "../../expressions/index.js";
import { ByteType, dateType, IntegerType, integerType, NullType, ShortType, StringType } from "../../types/index.js";
import { emitDays } from "./emit-days.js";

/** A date and a number of days; long and fractional numbers are refused. */
const signature: Signature = (args, call) => {
  checkCount(call, 2, 2);
  const days = typeOf(args[1]);
  const fits = [ByteType, ShortType, IntegerType, NullType, StringType].some((type) => days instanceof type);
  if (!fits) throw unexpectedInput(call, 1, [integerType, "integral"]);
  return { args: [implicitCast(args[0], dateType, call, 0), castTo(args[1], integerType)], type: dateType };
};

const shift = (names: readonly [string, ...string[]], doc: string, sign: 1 | -1): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names,
    doc,
    signature,
    eval: () => (date: number, days: number) => (date + sign * days) | 0,
    emit: (e, args) => emitDays(e, args, sign === 1 ? "i32.add" : "i32.sub"),
  });

export const dateAdd = shift(["date_add", "dateadd"], "The date some days later.", 1);
export const dateSub = shift(["date_sub"], "The date some days earlier.", -1);

export const dateDiff = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["datediff", "date_diff"],
  doc: "Days from the second date to the first.",
  signature: takes([dateType, dateType], integerType),
  eval: () => (end: number, start: number) => (end - start) | 0,
  emit: (e, args) => emitDays(e, args, "i32.sub"),
});
