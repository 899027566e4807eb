import { SparkRuntimeException } from "../../../common/index.js";
import { defineFunction, type ScalarFunction, takes, typeMismatch } from "../../expressions/index.js";
import { booleanType, integerType, stringType } from "../../types/index.js";
import { characters, isBasic } from "./code-points.js";
import { patternCache } from "./java-regexp.js";

export const rlike = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["rlike", "regexp_like", "regexp"],
  doc: "Whether a Java regular expression is found in a text.",
  signature: takes([stringType, stringType], booleanType),
  eval() {
    const compile = patternCache("rlike");
    return (text: string, pattern: string) => compile(pattern).test(text);
  },
});

function groupIndex(index: number, groups: number, functionName: string): SparkRuntimeException {
  return new SparkRuntimeException(
    `The value of parameter(s) \`idx\` in \`${functionName}\` is invalid: Expects group index between 0 and ${groups}, but got ${index}.`,
    {
      condition: "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
      sqlState: "22023",
      parameters: {
        parameter: "`idx`",
        functionName: `\`${functionName}\``,
        groupCount: String(groups),
        groupIndex: String(index),
      },
    },
  );
}

/** Number of capturing groups. */
const groupCount = (regexp: RegExp): number => new RegExp(`${regexp.source}|`, regexp.flags).exec("")!.length - 1;

export const regexpExtract = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["regexp_extract"],
  doc: "A group of the first match of a Java regular expression; the empty text without match.",
  signature: takes([stringType, stringType, integerType], stringType, { optional: 1 }),
  eval() {
    const compile = patternCache("regexp_extract");
    return (text: string, pattern: string, index = 1) => {
      const regexp = compile(pattern);
      const match = regexp.exec(text);
      const groups = match ? match.length - 1 : groupCount(regexp);
      if (index < 0 || (match && index > groups)) throw groupIndex(index, groups, "regexp_extract");
      return match?.[index] ?? "";
    };
  },
});

/** A replacement with Java's `$1`, `${name}` and backslash escapes as a function of the match. */
function javaReplacement(replacement: string, regexp: RegExp, text: string): (...match: unknown[]) => string {
  const parts: (string | number | { readonly name: string })[] = [];
  const groups = groupCount(regexp);
  const invalid = (cause?: unknown): SparkRuntimeException =>
    new SparkRuntimeException(
      `Could not perform regexp_replace for source = "${text}", pattern = "${regexp.source}", replacement = "${replacement}" and position = 1.`,
      {
        condition: "INVALID_REGEXP_REPLACE",
        sqlState: "22023",
        parameters: { source: text, pattern: regexp.source, replacement, position: "1" },
        ...(cause === undefined ? {} : { cause }),
      },
    );
  for (let i = 0; i < replacement.length; i++) {
    const c = replacement[i];
    if (c === "\\") {
      if (++i >= replacement.length) throw invalid();
      parts.push(replacement[i]);
    } else if (c === "$") {
      const named = /^\{(\w+)\}/.exec(replacement.slice(i + 1));
      if (named) {
        parts.push({ name: named[1] });
        i += named[0].length;
        continue;
      }
      if (!/\d/.test(replacement[i + 1] ?? "")) throw invalid();
      let group = Number(replacement[++i]);
      if (group > groups) throw invalid();
      // Java takes as many digits as name an existing group.
      while (/\d/.test(replacement[i + 1] ?? "") && group * 10 + Number(replacement[i + 1]) <= groups) {
        group = group * 10 + Number(replacement[++i]);
      }
      parts.push(group);
    } else parts.push(c);
  }
  return (...match) =>
    parts
      .map((part) => {
        if (typeof part === "string") return part;
        const group = typeof part === "number" ? match[part] : (match.at(-1) as Record<string, unknown>)[part.name];
        return (group as string | undefined) ?? "";
      })
      .join("");
}

export const regexpReplace = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["regexp_replace"],
  doc: "The text with every match of a Java regular expression replaced, from a position on.",
  signature(args, call) {
    const signed = takes([stringType, stringType, stringType, integerType], stringType, { optional: 1 })(args, call);
    const position = signed.args[3];
    if (position?.kind === "literal" && typeof position.value === "number" && position.value <= 0) {
      throw typeMismatch(call, "VALUE_OUT_OF_RANGE", `The \`position\` must be between (0, 2147483647] (current value = ${position.value}).`, {
        exprName: "position",
        valueRange: "(0, 2147483647]",
        currentValue: String(position.value),
      });
    }
    return signed;
  },
  eval() {
    const compile = patternCache("regexp_replace", "g");
    return (text: string, pattern: string, replacement: string, position = 1) => {
      const regexp = compile(pattern);
      const skip = isBasic(text) ? position - 1 : characters(text, 0, position - 1).length;
      if (skip > text.length) return text;
      if (!regexp.test(text.slice(skip))) return text;
      regexp.lastIndex = 0;
      return text.slice(0, skip) + text.slice(skip).replace(regexp, javaReplacement(replacement, regexp, text));
    };
  },
});
