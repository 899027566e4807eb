import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { stringType } from "../../types/index.js";

export const replace = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["replace"],
  doc: "The text with every occurrence of another replaced (by nothing, without a third argument).",
  signature: takes([stringType, stringType, stringType], stringType, { optional: 1 }),
  eval:
    () =>
    (text: string, search: string, replacement = "") =>
      search === "" ? text : text.split(search).join(replacement),
});

export const translate = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["translate"],
  doc: "The text with each character of one list replaced by the one at its place in another.",
  signature: takes([stringType, stringType, stringType], stringType),
  eval: () => (text: string, from: string, to: string) => {
    const targets = [...to];
    const map = new Map<string, string>();
    [...from].forEach((c, i) => map.has(c) || map.set(c, targets[i] ?? ""));
    return [...text].map((c) => map.get(c) ?? c).join("");
  },
});
