import type { MathImport } from "../../codegen/index.js";
import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { doubleType } from "../../types/index.js";

type Unary = (x: number) => number;

/** A function of one double, by a function of `Math` that generated code imports, or by instructions. */
function unary(
  names: readonly [string, ...string[]],
  doc: string,
  fn: Unary,
  wasm?: MathImport | readonly string[],
): ScalarFunction {
  return defineFunction<ScalarFunction>({
    kind: "scalar",
    names,
    doc,
    signature: takes([doubleType], doubleType),
    nullable: "sometimes",
    eval: () => fn,
    ...(wasm === undefined
      ? {}
      : {
          emit: (e, [x]) =>
            typeof wasm === "string"
              ? e.define("f64", () => {
                  e.get(x.local);
                  e.math(wasm);
                })
              : e.apply("f64", [x], ...wasm),
        }),
  });
}

export const sin = unary(["sin"], "Sine of an angle in radians.", Math.sin, "sin");
export const cos = unary(["cos"], "Cosine of an angle in radians.", Math.cos, "cos");
export const tan = unary(["tan"], "Tangent of an angle in radians.", Math.tan, "tan");
export const cot = unary(["cot"], "Cotangent of an angle in radians.", (x) => 1 / Math.tan(x));
export const sec = unary(["sec"], "Secant of an angle in radians.", (x) => 1 / Math.cos(x));
export const csc = unary(["csc"], "Cosecant of an angle in radians.", (x) => 1 / Math.sin(x));
export const asin = unary(["asin"], "Inverse sine, in radians.", Math.asin, "asin");
export const acos = unary(["acos"], "Inverse cosine, in radians.", Math.acos, "acos");
export const atan = unary(["atan"], "Inverse tangent, in radians.", Math.atan, "atan");
export const sinh = unary(["sinh"], "Hyperbolic sine.", Math.sinh, "sinh");
export const cosh = unary(["cosh"], "Hyperbolic cosine.", Math.cosh, "cosh");
export const tanh = unary(["tanh"], "Hyperbolic tangent.", Math.tanh, "tanh");
export const asinh = unary(["asinh"], "Inverse hyperbolic sine.", Math.asinh, "asinh");
export const acosh = unary(["acosh"], "Inverse hyperbolic cosine.", Math.acosh, "acosh");
export const atanh = unary(["atanh"], "Inverse hyperbolic tangent.", Math.atanh, "atanh");
export const exp = unary(["exp"], "e to the power of a number.", Math.exp, "exp");
export const expm1 = unary(["expm1"], "e to the power of a number, minus 1.", Math.expm1, "expm1");
export const sqrt = unary(["sqrt"], "Square root.", Math.sqrt, ["f64.sqrt"]);
export const cbrt = unary(["cbrt"], "Cube root.", Math.cbrt, "cbrt");
export const degrees = unary(["degrees"], "Radians as degrees.", (x) => x * (180 / Math.PI));
export const radians = unary(["radians"], "Degrees as radians.", (x) => x * (Math.PI / 180));
export const signum = unary(["signum", "sign"], "-1, 0 or 1, the sign of a number.", Math.sign);
export const rint = unary(["rint"], "The nearest integer, of two the even one.", nearest, ["f64.nearest"]);

function nearest(x: number): number {
  const below = Math.floor(x);
  const fraction = x - below;
  if (!(fraction >= 0)) return x;
  const rounded = fraction < 0.5 || (fraction === 0.5 && below % 2 === 0) ? below : below + 1;
  // Zero keeps the sign of what was rounded to it.
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded;
}
