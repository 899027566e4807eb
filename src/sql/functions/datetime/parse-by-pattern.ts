import { DateTimeException } from "../../../common/index.js";
import { datePattern, type EvalContext, localTime } from "../../expressions/index.js";

export function cannotParse(text: string, pattern: string, suggestion: string): DateTimeException {
  return new DateTimeException(
    `Text '${text}' could not be parsed with the pattern '${pattern}'. Use \`${suggestion}\` to tolerate invalid input string and return NULL instead.`,
    {
      condition: "CANNOT_PARSE_TIMESTAMP",
      sqlState: "22007",
      parameters: { message: `Text '${text}' could not be parsed`, func: `\`${suggestion}\`` },
    },
  );
}

/** Parses text by a pattern into microseconds since the epoch; throws CANNOT_PARSE_TIMESTAMP, or null when `lenient`. */
export function instantParser(
  context: EvalContext,
  suggestion: string,
  lenient: boolean,
): (text: string, pattern: string) => bigint | null {
  const { zone } = localTime(context.timeZone);
  return (text, pattern) => {
    const micros = datePattern(pattern).parseTimestamp(text, zone);
    if (micros !== undefined) return micros;
    if (lenient) return null;
    throw cannotParse(text, pattern, suggestion);
  };
}
