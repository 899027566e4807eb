import { civilFromDays } from "../../../common/index.js";
import type { Emitter, Value } from "../../codegen/index.js";
import {
  dayOfYear as dayOfYearOf,
  defineFunction,
  isoWeek,
  type ScalarFunction,
  takes,
  weekday as weekdayOf,
} from "../../expressions/index.js";
import { dateType, integerType } from "../../types/index.js";
import { emitCivil, emitFloorMod } from "./emit-civil.js";

const part = (
  names: readonly [string, ...string[]],
  doc: string,
  fn: (days: number) => number,
  emit?: (e: Emitter, days: Value) => Value,
): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names,
    doc,
    signature: takes([dateType], integerType),
    eval: () => fn,
    ...(emit ? { emit: (e: Emitter, [days]: readonly Value[]) => emit(e, days) } : {}),
  });

export const year = part(
  ["year"],
  "The year of a date.",
  (days) => civilFromDays(days).year,
  (e, days) => emitCivil(e, days).year,
);
export const quarter = part(
  ["quarter"],
  "The quarter of a date, 1 to 4.",
  (days) => Math.ceil(civilFromDays(days).month / 3),
  (e, days) => {
    const { month } = emitCivil(e, days);
    return e.define("i32", () => {
      e.get(month.local);
      e.i32(2);
      e.op("i32.add");
      e.i32(3);
      e.op("i32.div_s");
    });
  },
);
export const month = part(
  ["month"],
  "The month of a date, 1 to 12.",
  (days) => civilFromDays(days).month,
  (e, days) => emitCivil(e, days).month,
);
export const dayOfMonth = part(
  ["day", "dayofmonth"],
  "The day of the month.",
  (days) => civilFromDays(days).day,
  (e, days) => emitCivil(e, days).day,
);
export const dayOfYear = part(["dayofyear"], "The day of the year, 1 to 366.", dayOfYearOf);
export const dayOfWeek = part(
  ["dayofweek"],
  "The day of the week, 1 Sunday to 7 Saturday.",
  (days) => ((weekdayOf(days) + 1) % 7) + 1,
  (e, days) => emitFloorMod(e, days, 4, 7, 1),
);
export const weekday = part(["weekday"], "The day of the week, 0 Monday to 6 Sunday.", weekdayOf, (e, days) =>
  emitFloorMod(e, days, 3, 7, 0),
);
export const weekOfYear = part(["weekofyear"], "The ISO week of the year.", (days) => isoWeek(days));
