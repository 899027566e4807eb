import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { integerType, stringType } from "../../types/index.js";
import { characterCount, characters } from "./code-points.js";

/** Position of a part in a text, counted in characters from 1; 0 when it is not there. */
function position(text: string, part: string, skip: number): number {
  const start = skip === 0 ? 0 : characters(text, 0, skip).length;
  const at = text.indexOf(part, start);
  return at < 0 ? 0 : characterCount(text.slice(0, at)) + 1;
}

export const instr = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["instr"],
  doc: "Position of the second text in the first, counted from 1; 0 when it is not there.",
  signature: takes([stringType, stringType], integerType),
  eval: () => (text: string, part: string) => position(text, part, 0),
});

export const locate = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["locate", "position"],
  doc: "Position of the first text in the second from a position on, counted from 1; 0 when it is not there.",
  signature: takes([stringType, stringType, integerType], integerType, { optional: 1 }),
  eval:
    () =>
    (part: string, text: string, from = 1) => {
      if (from < 1) return 0;
      return part === "" ? 1 : position(text, part, from - 1);
    },
});
