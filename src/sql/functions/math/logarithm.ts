import type { MathImport } from "../../codegen/index.js";
import { checkCount, defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { doubleType } from "../../types/index.js";

/** A logarithm of one number: null at and below `asymptote`, as in Hive. */
function logarithm(
  name: string,
  doc: string,
  fn: (x: number) => number,
  wasm: MathImport,
  asymptote = 0,
): ScalarFunction {
  return defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature: takes([doubleType], doubleType),
    nullable: "sometimes",
    eval: () => (x: number) => (x <= asymptote ? null : fn(x)),
    emit(e, [x]) {
      const value = e.define("f64", () => {
        e.get(x.local);
        e.math(wasm);
      });
      const valid = e.local("i32");
      e.get(x.local);
      e.f64(asymptote);
      e.op("f64.le", "i32.eqz");
      e.set(valid);
      return { ...value, valid };
    },
  });
}

export const ln = logarithm("ln", "Natural logarithm; null for numbers that are not positive.", Math.log, "log");
export const log10 = logarithm("log10", "Logarithm to base 10.", Math.log10, "log10");
export const log2 = logarithm("log2", "Logarithm to base 2.", (x) => Math.log(x) / Math.LN2, "log2");
export const log1p = logarithm("log1p", "Natural logarithm of 1 plus a number.", Math.log1p, "log1p", -1);

export const log = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["log"],
  doc: "Logarithm of the second number to the base of the first; of one number, the natural one.",
  signature(args, call) {
    checkCount(call, 1, 2);
    if (args.length === 1) return { args, type: doubleType, replacement: { kind: "call", name: "ln", args } };
    return takes([doubleType, doubleType], doubleType)(args, call);
  },
  nullable: "sometimes",
  eval: () => (base: number, x: number) => (base <= 0 || x <= 0 ? null : Math.log(x) / Math.log(base)),
});
