import type { Layout } from "../../columnar/index.js";

/** Types of WebAssembly locals that generated code uses. */
export type WasmType = "i32" | "i64" | "f32" | "f64";

/**
 * A value that generated code has computed, in locals. `layout` says what it is: bool, i8, i16 and i32 lie in an i32 local
 * (bool as 0 or 1), i64, f32 and f64 in their own kind, utf8 in two i32 locals (address and byte length).
 */
export interface Value {
  readonly layout: Layout;
  readonly local: number;
  /** Byte length of utf8. */
  readonly length?: number;
  /** i32 local, 1 = valid, 0 = null; null when the value is never null. */
  readonly valid: number | null;
}
