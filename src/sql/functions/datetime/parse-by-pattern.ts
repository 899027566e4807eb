import { DateTimeException } from "../../../common/index.js";
import { datetimePattern, type EvalContext, timeZone } from "../../expressions/index.js";

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
  const session = timeZone(context.timeZone);
  return (text, pattern) => {
    const parsed = datetimePattern(pattern).parse(text);
    if (parsed) return (parsed.zone ?? session).toInstant(parsed.local);
    if (lenient) return null;
    throw cannotParse(text, pattern, suggestion);
  };
}
