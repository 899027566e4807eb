import type { MathImport } from "../../codegen/index.js";
import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { doubleType } from "../../types/index.js";

const binaryMath = (
  names: readonly [string, ...string[]],
  doc: string,
  fn: (a: number, b: number) => number,
  wasm: MathImport,
): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names,
    doc,
    signature: takes([doubleType, doubleType], doubleType),
    eval: () => fn,
    emit: (e, [a, b]) =>
      e.define("f64", () => {
        e.get(a.local);
        e.get(b.local);
        e.math(wasm);
      }),
  });

export const power = binaryMath(["power", "pow"], "The first number to the power of the second.", Math.pow, "pow");
export const hypot = binaryMath(
  ["hypot"],
  "Length of the hypotenuse, without overflow on the way.",
  Math.hypot,
  "hypot",
);
/** Spark adds 0.0 to both operands, which turns -0.0 into 0.0. */
export const atan2 = binaryMath(
  ["atan2"],
  "Angle of the point (second, first).",
  (a, b) => Math.atan2(a + 0, b + 0),
  "atan2",
);
