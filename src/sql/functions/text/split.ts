import { defineFunction, takes } from "../../expressions/index.js";
import { ArrayType, integerType, stringType } from "../../types/index.js";
import { javaRegExp } from "./java-regexp.js";

/** As `String.split` of Java with a limit: above 0 at most so many parts, otherwise all, with empty ones at the end. */
function split(text: string, regexp: RegExp, limit: number): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const match of text.matchAll(regexp)) {
    if (limit > 0 && parts.length === limit - 1) break;
    const end = match.index + match[0].length;
    // A match of nothing at the start makes no part, one at the very end neither.
    if (end === 0 || (match[0] === "" && match.index >= text.length)) continue;
    parts.push(text.slice(start, match.index));
    start = end;
  }
  parts.push(text.slice(start));
  return parts;
}

export const splitText = defineFunction({
  kind: "scalar",
  names: ["split"],
  doc: "The parts of a text between matches of a Java regular expression.",
  signature: takes([stringType, stringType, integerType], new ArrayType(stringType, false), { optional: 1 }),
  eval() {
    const known = new Map<string, RegExp>();
    return (text: string, pattern: string, limit = -1) => {
      let regexp = known.get(pattern);
      if (!regexp) known.set(pattern, (regexp = javaRegExp(pattern, "g")));
      return split(text, regexp, limit);
    };
  },
});
