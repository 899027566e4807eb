import type { Emitter, Value } from "../../codegen/index.js";

/** Sum or difference of days, which wraps around as in Java. */
export const emitDays = (e: Emitter, args: readonly Value[], op: "i32.add" | "i32.sub"): Value =>
  e.apply("i32", args, op);
