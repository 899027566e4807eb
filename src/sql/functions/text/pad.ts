import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { integerType, stringType } from "../../types/index.js";

const pad = (name: string, doc: string, atStart: boolean): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature: takes([stringType, integerType, stringType], stringType, { optional: 1 }),
    eval:
      () =>
      (text: string, size: number, filler = " ") => {
        const characters = [...text];
        if (size <= characters.length) return characters.slice(0, Math.max(0, size)).join("");
        const source = [...filler];
        if (source.length === 0) return text;
        const missing = Array.from({ length: size - characters.length }, (_, i) => source[i % source.length]).join("");
        return atStart ? missing + text : text + missing;
      },
  });

export const lpad = pad("lpad", "The text filled up at its start, or cut, to a number of characters.", true);
export const rpad = pad("rpad", "The text filled up at its end, or cut, to a number of characters.", false);
