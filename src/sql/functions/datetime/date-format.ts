import { datePattern, defineFunction, localTime, takes } from "../../expressions/index.js";
import { stringType, timestampType } from "../../types/index.js";

export const dateFormat = defineFunction({
  kind: "scalar",
  names: ["date_format"],
  doc: "A timestamp as text in a pattern such as yyyy-MM-dd.",
  signature: takes([timestampType, stringType], stringType),
  eval(_, context) {
    const { zone } = localTime(context.timeZone);
    return (micros: bigint, pattern: string) => datePattern(pattern).format(micros, zone);
  },
});
