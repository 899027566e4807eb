import { type JavaMatch, type JavaRegex, SparkRuntimeException } from "../../../common/index.js";
import { defineFunction, type ScalarFunction, takes, typeMismatch } from "../../expressions/index.js";
import { booleanType, integerType, stringType } from "../../types/index.js";
import { characters } from "./code-points.js";
import { patternCache } from "./pattern-cache.js";

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

function groupIndex(index: number, groups: number): SparkRuntimeException {
  return new SparkRuntimeException(
    `The value of parameter(s) \`idx\` in \`regexp_extract\` is invalid: Expects group index between 0 and ${groups}, but got ${index}.`,
    {
      condition: "INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX",
      sqlState: "22023",
      parameters: {
        parameter: "`idx`",
        functionName: "`regexp_extract`",
        groupCount: String(groups),
        groupIndex: String(index),
      },
    },
  );
}

export const regexpExtract = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["regexp_extract"],
  doc: "A group of the first match of a Java regular expression; the empty text without match.",
  signature: takes([stringType, stringType, integerType], stringType, { optional: 1 }),
  eval() {
    const compile = patternCache("regexp_extract");
    return (text: string, pattern: string, index = 1) => {
      const regex = compile(pattern);
      if (index < 0) throw groupIndex(index, regex.groupCount);
      const match = regex.find(text);
      if (!match) return "";
      if (index > regex.groupCount) throw groupIndex(index, regex.groupCount);
      return match.group(index) ?? "";
    };
  },
});

type Part = string | number;

/** The parts of a replacement with Java's `$1`, `${name}` and backslash escapes: text, or the number of a group. */
function replacementParts(replacement: string, regex: JavaRegex): Part[] | undefined {
  const parts: Part[] = [];
  for (let i = 0; i < replacement.length; i++) {
    const c = replacement[i];
    if (c === "\\") {
      if (++i >= replacement.length) return undefined;
      parts.push(replacement[i]);
    } else if (c !== "$") parts.push(c);
    else {
      const named = /^\{(\w+)\}/.exec(replacement.slice(i + 1));
      if (named) {
        const group = regex.names.get(named[1]);
        if (group === undefined) return undefined;
        parts.push(group);
        i += named[0].length;
        continue;
      }
      if (!/\d/.test(replacement[i + 1] ?? "")) return undefined;
      let group = Number(replacement[++i]);
      if (group > regex.groupCount) return undefined;
      // Java takes as many digits as name an existing group.
      while (/\d/.test(replacement[i + 1] ?? "") && group * 10 + Number(replacement[i + 1]) <= regex.groupCount) {
        group = group * 10 + Number(replacement[++i]);
      }
      parts.push(group);
    }
  }
  return parts;
}

const expand = (parts: readonly Part[], match: JavaMatch): string =>
  parts.map((part) => (typeof part === "string" ? part : (match.group(part) ?? ""))).join("");

function replaceAll(text: string, regex: JavaRegex, replacement: string, position: number): string {
  const skip = characters(text, 0, position - 1).length;
  if (position > 1 && skip >= text.length) return text;
  let parts: Part[] | undefined;
  let out = "";
  let from = 0;
  for (let match = regex.find(text, skip); match;) {
    parts ??= replacementParts(replacement, regex);
    if (!parts) throw invalidReplacement(text, regex.pattern, replacement, position);
    out += text.slice(from, match.start) + expand(parts, match);
    from = match.end;
    match = regex.find(text, match.end === match.start ? match.end + 1 : match.end);
  }
  return out + text.slice(from);
}

function invalidReplacement(
  source: string,
  pattern: string,
  replacement: string,
  position: number,
): SparkRuntimeException {
  return new SparkRuntimeException(
    `Could not perform regexp_replace for source = "${source}", pattern = "${pattern}", replacement = "${replacement}" and position = ${position}.`,
    {
      condition: "INVALID_REGEXP_REPLACE",
      sqlState: "22023",
      parameters: { source, pattern, replacement, position: String(position) },
    },
  );
}

export const regexpReplace = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["regexp_replace"],
  doc: "The text with every match of a Java regular expression replaced, from a position on.",
  signature(args, call) {
    const signed = takes([stringType, stringType, stringType, integerType], stringType, { optional: 1 })(args, call);
    const position = signed.args[3];
    if (position?.kind === "literal" && typeof position.value === "number" && position.value <= 0) {
      throw typeMismatch(
        call,
        "VALUE_OUT_OF_RANGE",
        `The \`position\` must be between (0, 2147483647] (current value = ${position.value}).`,
        { exprName: "position", valueRange: "(0, 2147483647]", currentValue: String(position.value) },
      );
    }
    return signed;
  },
  eval() {
    const compile = patternCache("regexp_replace");
    return (text: string, pattern: string, replacement: string, position = 1) =>
      replaceAll(text, compile(pattern), replacement, position);
  },
});
