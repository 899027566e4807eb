import type { Emitter, Value } from "../../codegen/index.js";

/** `(days + shift) mod divisor + offset`, the remainder never negative. */
export function emitFloorMod(e: Emitter, days: Value, shift: number, divisor: number, offset: number): Value {
  return e.define("i32", () => {
    e.get(days.local);
    e.i32(shift);
    e.op("i32.add");
    e.i32(divisor);
    e.op("i32.rem_s");
    e.i32(divisor);
    e.op("i32.add");
    e.i32(divisor);
    e.op("i32.rem_s");
    e.i32(offset);
    e.op("i32.add");
  });
}

/** Year, month and day of days since 1970-01-01: `civilFromDays` in 64-bit arithmetic (Hinnant's algorithm). */
export function emitCivil(
  e: Emitter,
  days: Value,
): { readonly year: Value; readonly month: Value; readonly day: Value } {
  const wide = (push: () => void): Value => e.define("i64", push);
  const divided = (x: Value, by: bigint): void => {
    e.get(x.local);
    e.i64(by);
    e.op("i64.div_s");
  };
  const z = wide(() => {
    e.get(days.local);
    e.op("i64.extend_i32_s");
    e.i64(719_468n);
    e.op("i64.add");
  });
  // Floor division: a negative dividend is moved down first.
  const era = wide(() => {
    e.get(z.local);
    e.get(z.local);
    e.i64(63n);
    e.op("i64.shr_s");
    e.i64(146_096n);
    e.op("i64.and", "i64.sub");
    e.i64(146_097n);
    e.op("i64.div_s");
  });
  const dayOfEra = wide(() => {
    e.get(z.local);
    e.get(era.local);
    e.i64(146_097n);
    e.op("i64.mul", "i64.sub");
  });
  const yearOfEra = wide(() => {
    e.get(dayOfEra.local);
    divided(dayOfEra, 1460n);
    e.op("i64.sub");
    divided(dayOfEra, 36_524n);
    e.op("i64.add");
    divided(dayOfEra, 146_096n);
    e.op("i64.sub");
    e.i64(365n);
    e.op("i64.div_s");
  });
  const dayOfYear = wide(() => {
    e.get(dayOfEra.local);
    e.get(yearOfEra.local);
    e.i64(365n);
    e.op("i64.mul");
    divided(yearOfEra, 4n);
    e.op("i64.add");
    divided(yearOfEra, 100n);
    e.op("i64.sub", "i64.sub");
  });
  const shifted = wide(() => {
    e.get(dayOfYear.local);
    e.i64(5n);
    e.op("i64.mul");
    e.i64(2n);
    e.op("i64.add");
    e.i64(153n);
    e.op("i64.div_s");
  });
  const month = e.define("i32", () => {
    e.get(shifted.local);
    e.op("i32.wrap_i64");
    e.i32(3);
    e.i32(-9);
    e.get(shifted.local);
    e.i64(10n);
    e.op("i64.lt_s", "select", "i32.add");
  });
  const year = e.define("i32", () => {
    e.get(yearOfEra.local);
    e.get(era.local);
    e.i64(400n);
    e.op("i64.mul", "i64.add", "i32.wrap_i64");
    e.get(month.local);
    e.i32(2);
    e.op("i32.le_s", "i32.add");
  });
  const day = e.define("i32", () => {
    e.get(dayOfYear.local);
    e.get(shifted.local);
    e.i64(153n);
    e.op("i64.mul");
    e.i64(2n);
    e.op("i64.add");
    e.i64(5n);
    e.op("i64.div_s", "i64.sub");
    e.i64(1n);
    e.op("i64.add", "i32.wrap_i64");
  });
  return { year, month, day };
}
