import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { integerType, stringType } from "../../types/index.js";

export const reverse = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["reverse"],
  doc: "The characters of a text or the elements of an array in the other order.",
  signature: takes([[stringType, "array"]], (types) => types[0]),
  eval: () => (value: string | unknown[]) =>
    typeof value === "string" ? [...value].reverse().join("") : [...value].reverse(),
});

export const repeat = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["repeat"],
  doc: "The text a number of times.",
  signature: takes([stringType, integerType], stringType),
  eval: () => (text: string, times: number) => (times <= 0 ? "" : text.repeat(times)),
});

export const space = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["space"],
  doc: "A number of spaces.",
  signature: takes([integerType], stringType),
  eval: () => (times: number) => " ".repeat(Math.max(0, times)),
});
