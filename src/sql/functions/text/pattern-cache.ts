import { JavaRegex, SparkRuntimeException } from "../../../common/index.js";

/** A function that compiles Java regular expressions and remembers them; throws INVALID_PARAMETER_VALUE.PATTERN. */
export function patternCache(functionName: string): (pattern: string) => JavaRegex {
  const known = new Map<string, JavaRegex>();
  return (pattern) => {
    let regex = known.get(pattern);
    if (!regex) {
      try {
        regex = new JavaRegex(pattern);
      } catch (cause) {
        throw new SparkRuntimeException(
          `The value of parameter(s) \`regexp\` in \`${functionName}\` is invalid: '${pattern}'.`,
          {
            condition: "INVALID_PARAMETER_VALUE.PATTERN",
            sqlState: "22023",
            parameters: { parameter: "`regexp`", functionName: `\`${functionName}\``, value: `'${pattern}'` },
            cause,
          },
        );
      }
      if (known.size > 1000) known.clear();
      known.set(pattern, regex);
    }
    return regex;
  };
}
