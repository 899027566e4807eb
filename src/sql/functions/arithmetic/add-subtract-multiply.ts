import { defineFunction, type ScalarFunction, typeOf } from "../../expressions/index.js";
import { powerOfTen } from "../../types/index.js";
import { type ArithmeticOperator, arithmeticSignature } from "./arithmetic-signature.js";
import { emitExact } from "./emit-exact.js";
import { type ExactOperation, exactOperation } from "./exact.js";

const operator = (
  name: ArithmeticOperator,
  doc: string,
  wasm: "add" | "sub" | "mul",
  op: ExactOperation,
): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature: arithmeticSignature(name),
    eval: (call) => exactOperation(call, call.args.map(typeOf), op),
    emit: (e, args, call) => emitExact(e, args, call, wasm),
  });

const aligned = (a: bigint, scaleA: number, b: bigint, scaleB: number): [bigint, bigint, number] => {
  const scale = Math.max(scaleA, scaleB);
  return [a * powerOfTen(scale - scaleA), b * powerOfTen(scale - scaleB), scale];
};

export const add = operator("+", "Sum of two numbers.", "add", {
  symbol: "+",
  alternative: "try_add",
  integer: (a, b) => a + b,
  long: (a, b) => a + b,
  double: (a, b) => a + b,
  decimal(a, scaleA, b, scaleB) {
    const [x, y, scale] = aligned(a, scaleA, b, scaleB);
    return [x + y, scale];
  },
});

export const subtract = operator("-", "Difference of two numbers.", "sub", {
  symbol: "-",
  alternative: "try_subtract",
  integer: (a, b) => a - b,
  long: (a, b) => a - b,
  double: (a, b) => a - b,
  decimal(a, scaleA, b, scaleB) {
    const [x, y, scale] = aligned(a, scaleA, b, scaleB);
    return [x - y, scale];
  },
});

export const multiply = operator("*", "Product of two numbers.", "mul", {
  symbol: "*",
  alternative: "try_multiply",
  // Products of integers are below 2^62: the doubles that lose digits are out of range anyway.
  integer: (a, b) => a * b + 0,
  long: (a, b) => a * b,
  double: (a, b) => a * b,
  decimal: (a, scaleA, b, scaleB) => [a * b, scaleA + scaleB],
});
