import { expect, test } from "vitest";
import { mathFunctions, ModuleBuilder } from "../../../src/sql/codegen/index.js";

const memory = (): WebAssembly.Memory => new WebAssembly.Memory({ initial: 1, maximum: 65_536, shared: true });
const instantiate = (
  module: ModuleBuilder,
  imports: Record<string, (a: number, b: number) => number> = {},
): Record<string, (...args: never[]) => unknown> => {
  const bytes = module.bytes() as Uint8Array<ArrayBuffer>;
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory: memory(), ...imports } });
  return instance.exports as Record<string, (...args: never[]) => unknown>;
};

test("control flow, locals and calls", () => {
  const module = new ModuleBuilder();
  const factorial = module.function("factorial", { params: ["i64"], result: "i64" });
  const product = factorial.local("i64");
  factorial.i64(1n);
  factorial.set(product);
  factorial.block(() =>
    factorial.loop(() => {
      factorial.get(0);
      factorial.op("i64.eqz");
      factorial.brIf(1);
      factorial.get(product);
      factorial.get(0);
      factorial.op("i64.mul");
      factorial.set(product);
      factorial.get(0);
      factorial.i64(1n);
      factorial.op("i64.sub");
      factorial.set(0);
      factorial.br(0);
    }),
  );
  factorial.get(product);
  const twice = module.function("twice", { params: ["i64"], result: "i64" });
  twice.get(0);
  twice.call("factorial");
  twice.i64(2n);
  twice.op("i64.mul");
  const exports = instantiate(module);
  expect(exports.twice(20n as never)).toBe(4_865_804_016_353_280_000n);
  expect(module.text()).toContain("(func $twice (param i64) (result i64)");
  expect(module.text()).toContain("call $factorial");
});

test("constants of every kind keep their value", () => {
  for (const value of [0, -0, 1.5, NaN, Infinity, -1e300, 5e-324]) {
    const module = new ModuleBuilder();
    const fn = module.function("f", { params: [], result: "f64" });
    fn.f64(value);
    expect(instantiate(module).f()).toBe(value);
  }
  for (const value of [0n, -1n, 63n, 64n, -64n, -65n, 2n ** 63n - 1n, -(2n ** 63n)]) {
    const module = new ModuleBuilder();
    const fn = module.function("f", { params: [], result: "i64" });
    fn.i64(value);
    expect(instantiate(module).f()).toBe(value);
  }
  for (const value of [0, -1, 127, 128, -129, 2 ** 31 - 1, -(2 ** 31)]) {
    const module = new ModuleBuilder();
    const fn = module.function("f", { params: [], result: "i32" });
    fn.i32(value);
    expect(instantiate(module).f()).toBe(value);
  }
});

test("memory, branches on values, captured code and imports that come late", () => {
  const module = new ModuleBuilder();
  const fn = module.function("f", { params: ["i32", "f64"], result: "f64" });
  const code = fn.capture(() => {
    fn.i32(64);
    fn.get(1);
    fn.memory("f64.store", 8);
  });
  fn.place(code);
  fn.get(0);
  fn.if(
    () => {
      fn.i32(64);
      fn.memory("f64.load", 8);
      module.import("exp", { params: ["f64"], result: "f64" });
      fn.call("exp");
    },
    () => fn.f64(-1),
    "f64",
  );
  const { f } = instantiate(module, { exp: mathFunctions.exp });
  expect(f(1 as never, 2 as never)).toBe(Math.exp(2));
  expect(f(0 as never, 2 as never)).toBe(-1);
});

test("an instruction that does not exist is refused", () => {
  const fn = new ModuleBuilder().function("f", { params: [], result: undefined });
  expect(() => fn.op("i32.frobnicate")).toThrow("no instruction");
});
