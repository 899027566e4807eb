import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { stringType } from "../../types/index.js";

/** A letter in title case: only the first letter of its upper-case form stays upper. */
function titleCase(letter: string): string {
  const [first, ...rest] = letter.toUpperCase();
  return first + rest.join("").toLowerCase();
}

const unary = (names: readonly [string, ...string[]], doc: string, fn: (text: string) => string): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names,
    doc,
    signature: takes([stringType], stringType),
    eval: () => fn,
  });

export const lower = unary(["lower", "lcase"], "The text in lower case.", (text) => text.toLowerCase());
export const upper = unary(["upper", "ucase"], "The text in upper case.", (text) => text.toUpperCase());
export const initcap = unary(
  ["initcap"],
  "The text with each word's first letter in upper case, the rest in lower.",
  (text) => text.toLowerCase().replace(/(^| )(\S)/gu, (_, space: string, first: string) => space + titleCase(first)),
);
