import type { FunctionBuilder } from "./function-builder.js";
import type { StringRuntime } from "./emitter.js";
import type { ModuleBuilder } from "./module-builder.js";

/** Adds a string function, and those it calls, to the module. Arguments are address and byte length of each text. */
export function addStringRuntime(module: ModuleBuilder, name: StringRuntime): void {
  if (module.has(name)) return;
  const params = name === "utf8_length" ? 2 : 4;
  const fn = module.function(name, { params: Array.from({ length: params }, () => "i32" as const), result: "i32" });
  bodies[name](fn);
  if (name === "utf8_starts" || name === "utf8_ends" || name === "utf8_find") addStringRuntime(module, "utf8_equal");
}

const [A, A_LENGTH, B, B_LENGTH] = [0, 1, 2, 3];
const op = (fn: FunctionBuilder, ...instructions: readonly string[]): void => {
  for (const instruction of instructions) fn.op(instruction);
};
/** Returns a constant where the i32 on the stack is not 0. */
function returnIf(fn: FunctionBuilder, value: number): void {
  fn.if(() => {
    fn.i32(value);
    fn.op("return");
  });
}
const loadByte = (fn: FunctionBuilder, base: number, i: number): void => {
  fn.get(base);
  fn.get(i);
  fn.op("i32.add");
  fn.memory("i32.load8_u");
};
/** Runs `body` for i = 0 .. length - 1. */
function forEach(fn: FunctionBuilder, i: number, length: number, body: () => void): void {
  fn.block(() =>
    fn.loop(() => {
      fn.get(i);
      fn.get(length);
      fn.op("i32.ge_s");
      fn.brIf(1);
      body();
      fn.get(i);
      fn.i32(1);
      fn.op("i32.add");
      fn.set(i);
      fn.br(0);
    }),
  );
}

const bodies: Readonly<Record<StringRuntime, (fn: FunctionBuilder) => void>> = {
  utf8_equal(fn) {
    const i = fn.local("i32");
    fn.get(A_LENGTH);
    fn.get(B_LENGTH);
    fn.op("i32.ne");
    returnIf(fn, 0);
    forEach(fn, i, A_LENGTH, () => {
      loadByte(fn, A, i);
      loadByte(fn, B, i);
      fn.op("i32.ne");
      returnIf(fn, 0);
    });
    fn.i32(1);
  },
  utf8_compare(fn) {
    const i = fn.local("i32");
    const n = fn.local("i32");
    const difference = fn.local("i32");
    fn.get(A_LENGTH);
    fn.get(B_LENGTH);
    fn.get(A_LENGTH);
    fn.get(B_LENGTH);
    op(fn, "i32.lt_s", "select");
    fn.set(n);
    forEach(fn, i, n, () => {
      loadByte(fn, A, i);
      loadByte(fn, B, i);
      fn.op("i32.sub");
      fn.tee(difference);
      fn.if(() => {
        fn.get(difference);
        fn.op("return");
      });
    });
    fn.get(A_LENGTH);
    fn.get(B_LENGTH);
    fn.op("i32.sub");
  },
  utf8_length(fn) {
    const i = fn.local("i32");
    const count = fn.local("i32");
    forEach(fn, i, A_LENGTH, () => {
      // Continuation bytes are 10xxxxxx.
      loadByte(fn, A, i);
      fn.i32(0xc0);
      fn.op("i32.and");
      fn.i32(0x80);
      fn.op("i32.ne");
      fn.get(count);
      fn.op("i32.add");
      fn.set(count);
    });
    fn.get(count);
  },
  utf8_starts(fn) {
    fn.get(A_LENGTH);
    fn.get(B_LENGTH);
    fn.op("i32.lt_s");
    returnIf(fn, 0);
    for (const local of [A, B_LENGTH, B, B_LENGTH]) fn.get(local);
    fn.call("utf8_equal");
  },
  utf8_ends(fn) {
    fn.get(A_LENGTH);
    fn.get(B_LENGTH);
    fn.op("i32.lt_s");
    returnIf(fn, 0);
    fn.get(A);
    fn.get(A_LENGTH);
    fn.op("i32.add");
    fn.get(B_LENGTH);
    fn.op("i32.sub");
    for (const local of [B_LENGTH, B, B_LENGTH]) fn.get(local);
    fn.call("utf8_equal");
  },
  utf8_find(fn) {
    const i = fn.local("i32");
    const last = fn.local("i32");
    fn.get(A_LENGTH);
    fn.get(B_LENGTH);
    fn.op("i32.sub");
    fn.i32(1);
    fn.op("i32.add");
    fn.set(last);
    forEach(fn, i, last, () => {
      fn.get(A);
      fn.get(i);
      fn.op("i32.add");
      for (const local of [B_LENGTH, B, B_LENGTH]) fn.get(local);
      fn.call("utf8_equal");
      returnIf(fn, 1);
    });
    fn.i32(0);
  },
};
