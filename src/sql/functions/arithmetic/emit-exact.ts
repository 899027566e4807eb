import type { Emitter, Value } from "../../codegen/index.js";
import type { ResolvedCall } from "../../expressions/index.js";
import { layoutOf } from "../../types/index.js";

const narrowBits: Readonly<Record<string, string>> = { i8: "i32.extend8_s", i16: "i32.extend16_s" };

/** Addition, subtraction and multiplication with ANSI overflow checks. */
export function emitExact(
  e: Emitter,
  [a, b]: readonly Value[],
  call: ResolvedCall,
  op: "add" | "sub" | "mul",
): Value | undefined {
  const layout = layoutOf(call.type);
  if (layout === "f64" || layout === "f32") return e.apply(layout, [a, b], `${layout}.${op}`);
  if (layout === "i64") return op === "mul" ? multiplyLongs(e, a, b) : addLongs(e, a, b, op);
  if (layout !== "i32" && layout !== "i8" && layout !== "i16") return undefined;
  const wide = e.local("i64");
  e.get(a.local);
  e.op("i64.extend_i32_s");
  e.get(b.local);
  e.op("i64.extend_i32_s", `i64.${op}`);
  e.set(wide);
  const result = e.define(layout, () => {
    e.get(wide);
    e.op("i32.wrap_i64");
    if (narrowBits[layout]) e.op(narrowBits[layout]);
  });
  e.get(result.local);
  e.op("i64.extend_i32_s");
  e.get(wide);
  e.op("i64.ne");
  e.giveUpIf();
  return result;
}

/** Overflow shows in the signs: of a sum that differs from both operands', of a difference from those of a and not b. */
function addLongs(e: Emitter, a: Value, b: Value, op: "add" | "sub"): Value {
  const result = e.apply("i64", [a, b], `i64.${op}`);
  e.get(a.local);
  e.get(op === "add" ? result.local : b.local);
  e.op("i64.xor");
  e.get(op === "add" ? b.local : a.local);
  e.get(result.local);
  e.op("i64.xor", "i64.and");
  e.i64(0n);
  e.op("i64.lt_s");
  e.giveUpIf();
  return result;
}

/** Products of 32-bit operands fit; others are checked by dividing again. */
function multiplyLongs(e: Emitter, a: Value, b: Value): Value {
  const result = e.apply("i64", [a, b], "i64.mul");
  e.get(a.local);
  e.op("i64.extend32_s");
  e.get(a.local);
  e.op("i64.ne");
  e.get(b.local);
  e.op("i64.extend32_s");
  e.get(b.local);
  e.op("i64.ne", "i32.or");
  e.if(() => {
    // -1 * -2^63 must be caught first: dividing -2^63 by -1 traps.
    e.get(a.local);
    e.i64(-1n);
    e.op("i64.eq");
    e.get(b.local);
    e.i64(-(2n ** 63n));
    e.op("i64.eq", "i32.and");
    e.get(b.local);
    e.i64(-1n);
    e.op("i64.eq");
    e.get(a.local);
    e.i64(-(2n ** 63n));
    e.op("i64.eq", "i32.and", "i32.or");
    e.giveUpIf();
    e.get(a.local);
    e.op("i64.eqz", "i32.eqz");
    e.if(() => {
      e.get(result.local);
      e.get(a.local);
      e.op("i64.div_s");
      e.get(b.local);
      e.op("i64.ne");
      e.giveUpIf();
    });
  });
  return result;
}
