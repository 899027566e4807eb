import { defineFunction, takes } from "../../expressions/index.js";
import { binaryType, integerType, stringType } from "../../types/index.js";
import { characterCount } from "./code-points.js";

export const length = defineFunction({
  kind: "scalar",
  names: ["length", "len", "char_length", "character_length"],
  doc: "Number of characters of a text, or of bytes.",
  signature: takes([[stringType, binaryType]], integerType),
  eval: () => (value: string | Uint8Array) => (typeof value === "string" ? characterCount(value) : value.length),
  emit(e, [text]) {
    if (text.layout !== "utf8") return undefined;
    return e.define("i32", () => e.runtime("utf8_length", text));
  },
});
