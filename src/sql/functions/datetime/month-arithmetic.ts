import { civilFromDays, daysFromCivil, daysInMonth } from "../../../common/index.js";
import { arithmeticOverflow, defineFunction, type ScalarFunction, takes, weekday } from "../../expressions/index.js";
import { dateType, integerType, stringType } from "../../types/index.js";

export const addMonths = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["add_months"],
  doc: "The date some months later; a day that the month lacks becomes its last.",
  signature: takes([dateType, integerType], dateType),
  eval: () => (date: number, months: number) => {
    const { year, month, day } = civilFromDays(date);
    const total = year * 12 + month - 1 + months;
    if (total !== (total | 0)) throw arithmeticOverflow("integer overflow");
    const [newYear, newMonth] = [Math.floor(total / 12), (((total % 12) + 12) % 12) + 1];
    return daysFromCivil(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)));
  },
});

export const lastDay = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["last_day"],
  doc: "The last day of the date's month.",
  signature: takes([dateType], dateType),
  eval: () => (date: number) => {
    const { year, month } = civilFromDays(date);
    return daysFromCivil(year, month, daysInMonth(year, month));
  },
});

/** Start of a date's period; null for a unit that does not exist. */
function truncated(date: number, unit: string): number | null {
  const { year, month } = civilFromDays(date);
  switch (unit.toUpperCase()) {
    case "YEAR":
    case "YYYY":
    case "YY":
      return daysFromCivil(year, 1, 1);
    case "QUARTER":
      return daysFromCivil(year, month - ((month - 1) % 3), 1);
    case "MONTH":
    case "MON":
    case "MM":
      return daysFromCivil(year, month, 1);
    case "WEEK":
      return date - weekday(date);
    default:
      return null;
  }
}

export const trunc = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["trunc"],
  doc: "The first day of the date's year, quarter, month or week.",
  signature: takes([dateType, stringType], dateType),
  nullable: "sometimes",
  eval: () => truncated,
});
