import { defineFunction, type Nullability, type ScalarFunction, takes } from "../../expressions/index.js";
import { binaryType, integerType, stringType } from "../../types/index.js";
import { characterCount, characters } from "./code-points.js";

const MAX_INT = 2_147_483_647;

/** Bounds as Hive has them: positions count from 1, 0 is taken for 1, negative ones count from the end. */
function bounds(size: number, position: number, length: number): [number, number] {
  const start = position > 0 ? position - 1 : position < 0 ? size + position : 0;
  const end = length === MAX_INT ? MAX_INT : start + length;
  return [Math.max(0, start), Math.max(0, Math.min(end, size))];
}

export const substring = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["substring", "substr"],
  doc: "A part of a text or of bytes, from a position (1 is the first) and of some length.",
  signature: takes([[stringType, binaryType], integerType, integerType], (types) => types[0], { optional: 1 }),
  eval:
    () =>
    (value: string | Uint8Array, position: number, length = MAX_INT) => {
      if (typeof value !== "string") {
        const [start, end] = bounds(value.length, position, length);
        return value.slice(start, Math.max(start, end));
      }
      const [start, end] = bounds(characterCount(value), position, length);
      return start < end ? characters(value, start, end) : "";
    },
});

const end = (
  name: string,
  doc: string,
  take: (text: string, n: number) => string,
  nullable: Nullability,
): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature: takes([stringType, integerType], stringType),
    nullable,
    eval: () => (text: string, n: number) => (n <= 0 ? "" : take(text, n)),
  });

export const left = end("left", "The first characters of a text.", (text, n) => characters(text, 0, n), "whenArgIs");
export const right = end(
  "right",
  "The last characters of a text.",
  (text, n) => {
    const size = characterCount(text);
    return characters(text, Math.max(0, size - n), size);
  },
  "sometimes",
);
