import { binary, defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { integerType, LongType, longType } from "../../types/index.js";

type Numbers = (a: number, b: number) => number;
type Bigs = (a: bigint, b: bigint) => bigint;

const operator = (
  name: string,
  doc: string,
  numbers: Numbers,
  bigs: Bigs,
  wasm: "and" | "or" | "xor",
): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature: binary("integral", (types) => types[0]),
    eval: (call) => (call.type instanceof LongType ? bigs : numbers),
    emit: (e, [a, b]) => e.apply(a.layout, [a, b], `${a.layout === "i64" ? "i64" : "i32"}.${wasm}`),
  });

export const bitwiseAnd = operator(
  "&",
  "Bits set in both integers.",
  (a, b) => a & b,
  (a, b) => a & b,
  "and",
);
export const bitwiseOr = operator(
  "|",
  "Bits set in either integer.",
  (a, b) => a | b,
  (a, b) => a | b,
  "or",
);
export const bitwiseXor = operator(
  "^",
  "Bits set in one of two integers.",
  (a, b) => a ^ b,
  (a, b) => a ^ b,
  "xor",
);

export const bitwiseNot = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["~"],
  doc: "All bits turned over.",
  signature: takes(["integral"], (types) => types[0]),
  eval: (call) => (call.type instanceof LongType ? (a: bigint) => ~a : (a: number) => ~a),
});

const shift = (names: readonly [string, ...string[]], doc: string, numbers: Numbers, bigs: Bigs): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names,
    doc,
    signature: takes([[integerType, longType], integerType], (types) => types[0]),
    eval: (call) =>
      call.type instanceof LongType ? (a: bigint, n: number) => BigInt.asIntN(64, bigs(a, BigInt(n & 63))) : numbers,
  });

export const shiftLeft = shift(
  ["shiftleft", "<<"],
  "Bits moved to the left.",
  (a, n) => a << n,
  (a, n) => a << n,
);
export const shiftRight = shift(
  ["shiftright", ">>"],
  "Bits moved to the right, with sign.",
  (a, n) => a >> n,
  (a, n) => a >> n,
);
export const shiftRightUnsigned = shift(
  ["shiftrightunsigned", ">>>"],
  "Bits moved to the right, without sign.",
  (a, n) => (a >>> n) | 0,
  (a, n) => BigInt.asUintN(64, a) >> n,
);
