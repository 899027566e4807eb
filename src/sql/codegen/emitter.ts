import type { Layout } from "../../columnar/index.js";
import type { FunctionBuilder } from "./function-builder.js";
import type { Value, WasmType } from "./value.js";

const wasmTypes: Readonly<Record<string, WasmType>> = {
  bool: "i32",
  i8: "i32",
  i16: "i32",
  i32: "i32",
  i64: "i64",
  f32: "f32",
  f64: "f64",
};

/** Kind of local that holds a value of the layout; undefined where generated code has no such values. */
export const wasmTypeOf = (layout: Layout): WasmType | undefined =>
  typeof layout === "string" ? wasmTypes[layout] : undefined;

/** Functions of JavaScript's `Math` that generated code may call: all take and return doubles. */
export const mathImports = {
  ...{ sin: 1, cos: 1, tan: 1, asin: 1, acos: 1, atan: 1, sinh: 1, cosh: 1, tanh: 1, asinh: 1, acosh: 1, atanh: 1 },
  ...{ exp: 1, expm1: 1, log: 1, log10: 1, log1p: 1, log2: 1, cbrt: 1, atan2: 2, pow: 2, hypot: 2, fmod: 2 },
} as const satisfies Readonly<Record<string, number>>;
export type MathImport = keyof typeof mathImports;

/** Small functions over strings that the module brings along (`string-runtime.ts`). */
export type StringRuntime = "utf8_equal" | "utf8_compare" | "utf8_length" | "utf8_starts" | "utf8_ends" | "utf8_find";

/** What a descriptor's `emit` writes with: instructions of the function at hand, and helpers for values. */
export class Emitter {
  /** Set when code that may give up was emitted: the caller then guards it by validity. */
  fallible = false;

  constructor(
    readonly fn: FunctionBuilder,
    private readonly onMath: (name: MathImport) => void,
    private readonly onRuntime: (name: StringRuntime) => void,
  ) {}

  get(local: number): void {
    this.fn.get(local);
  }
  set(local: number): void {
    this.fn.set(local);
  }
  op(...instructions: readonly string[]): void {
    for (const instruction of instructions) this.fn.op(instruction);
  }
  i32(value: number): void {
    this.fn.i32(value);
  }
  i64(value: bigint): void {
    this.fn.i64(value);
  }
  f64(value: number): void {
    this.fn.f64(value);
  }
  f32(value: number): void {
    this.fn.f32(value);
  }
  local(type: WasmType): number {
    return this.fn.local(type);
  }
  if(then: () => void, otherwise?: () => void, result?: WasmType): void {
    this.fn.if(then, otherwise, result);
  }

  /** A value that is never null, computed by code that leaves it on the stack. */
  define(layout: Layout, push: () => void): Value {
    const type = wasmTypeOf(layout);
    if (!type) throw new Error(`generated code has no values of layout ${JSON.stringify(layout)}`);
    push();
    const local = this.fn.local(type);
    this.fn.set(local);
    return { layout, local, valid: null };
  }

  /** Shorthand of {@link define}: pushes the operands, then the instructions. */
  apply(layout: Layout, operands: readonly Value[], ...instructions: readonly string[]): Value {
    return this.define(layout, () => {
      for (const operand of operands) this.get(operand.local);
      this.op(...instructions);
    });
  }

  /** Leaves 1 on the stack when the value is valid, else 0. */
  pushValid(value: Value): void {
    if (value.valid === null) this.i32(1);
    else this.get(value.valid);
  }

  /** Ends the pipeline where the i32 on the stack is not 0; the host runs the batch again by `eval`, which raises the error. */
  giveUpIf(): void {
    this.fallible = true;
    this.fn.if(() => {
      this.i32(-1);
      this.op("return");
    });
  }

  /** Calls a function of `Math`; the arguments are on the stack. */
  math(name: MathImport): void {
    this.onMath(name);
    this.fn.call(name);
  }
  /** Calls a string function with the addresses and lengths of its arguments. */
  runtime(name: StringRuntime, ...args: readonly Value[]): void {
    this.onRuntime(name);
    for (const { local, length } of args) {
      this.get(local);
      this.get(length!);
    }
    this.fn.call(name);
  }
}
