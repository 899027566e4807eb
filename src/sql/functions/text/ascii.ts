import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { integerType, longType, stringType } from "../../types/index.js";

export const ascii = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["ascii"],
  doc: "The code of a text's first character, 0 for the empty text.",
  signature: takes([stringType], integerType),
  eval: () => (text: string) => text.codePointAt(0) ?? 0,
});

export const char = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["char", "chr"],
  doc: "The character of a code modulo 256; empty for negative codes.",
  signature: takes([longType], stringType),
  eval: () => (code: bigint) => (code < 0n ? "" : String.fromCharCode(Number(code & 0xffn))),
});
