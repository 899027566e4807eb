import { DateTimeException, validDate } from "../../../common/index.js";
import { defineFunction, takes } from "../../expressions/index.js";
import { dateType, integerType } from "../../types/index.js";

export const makeDate = defineFunction({
  kind: "scalar",
  names: ["make_date"],
  doc: "The date of a year, a month and a day.",
  signature: takes([integerType, integerType, integerType], dateType),
  eval: () => (year: number, month: number, day: number) => {
    const days = validDate(year, month, day);
    if (days !== undefined) return days;
    const rangeMessage = `Invalid date '${year}-${month}-${day}'`;
    throw new DateTimeException(
      `${rangeMessage}. If necessary set "spark.sql.ansi.enabled" to "false" to bypass this error.`,
      {
        condition: "DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION",
        sqlState: "22023",
        parameters: { rangeMessage, ansiConfig: '"spark.sql.ansi.enabled"' },
      },
    );
  },
});
