import type { Emitter, Value } from "../../codegen/index.js";
import { type DataType, DateType, layoutOf } from "../../types/index.js";
import { isNumeric } from "../coercion.js";

const bits: Readonly<Record<string, number>> = { i8: 8, i16: 16, i32: 32, i64: 64 };
const wasmOf = (layout: string): string => (layout === "i64" || layout === "f32" || layout === "f64" ? layout : "i32");

/** Code for a cast among numbers and booleans, with ANSI range checks; undefined for other types. */
export function emitCast(e: Emitter, value: Value, from: DataType, to: DataType): Value | undefined {
  const source = value.layout as string;
  const target = layoutOf(to) as string;
  if (from.equals(to)) return value;
  const fromNumber = isNumeric(from) || source === "bool";
  const toNumber = isNumeric(to) || target === "bool";
  if (!fromNumber || !toNumber || from instanceof DateType || source === "i128" || target === "i128") return undefined;
  if (target === "bool") return toBool(e, value, source);
  if (target === "f64" || target === "f32") return toFloat(e, value, source, target);
  if (source === "f64" || source === "f32") return truncate(e, value, source, target);
  return toInteger(e, value, source, target);
}

function toBool(e: Emitter, value: Value, source: string): Value {
  const wasm = wasmOf(source);
  return e.define("bool", () => {
    e.get(value.local);
    if (wasm === "f64" || wasm === "f32") {
      if (wasm === "f64") e.f64(0);
      else e.f32(0);
      e.op(`${wasm}.ne`);
    } else e.op(`${wasm}.eqz`, "i32.eqz");
  });
}

function toFloat(e: Emitter, value: Value, source: string, target: "f64" | "f32"): Value {
  if (source === "f32") return e.apply("f64", [value], "f64.promote_f32");
  if (source === "f64") return e.apply("f32", [value], "f32.demote_f64");
  return e.apply(target, [value], `${target}.convert_${source === "i64" ? "i64" : "i32"}_s`);
}

function toInteger(e: Emitter, value: Value, source: string, target: string): Value {
  if (target === "i64") return e.apply("i64", [value], "i64.extend_i32_s");
  const wide = source === "i64";
  const result = e.define(target as "i32", () => {
    e.get(value.local);
    if (wide) e.op("i32.wrap_i64");
    if (target === "i8") e.op("i32.extend8_s");
    if (target === "i16") e.op("i32.extend16_s");
  });
  if (source === "bool" || bits[source] <= bits[target]) return result;
  e.get(result.local);
  if (wide) e.op("i64.extend_i32_s");
  e.get(value.local);
  e.op(wide ? "i64.ne" : "i32.ne");
  e.giveUpIf();
  return result;
}

/** The range is checked on the floor and the ceiling, so that 127.9 is a tinyint; NaN is out of every range. */
function truncate(e: Emitter, value: Value, source: "f64" | "f32", target: string): Value {
  const double = source === "f64" ? value : e.apply("f64", [value], "f64.promote_f32");
  const high = 2 ** (bits[target] - 1);
  e.get(double.local);
  e.op("f64.floor");
  e.f64(target === "i64" ? high : high - 1);
  e.op("f64.le");
  e.get(double.local);
  e.op("f64.ceil");
  e.f64(-high);
  e.op("f64.ge", "i32.and", "i32.eqz");
  e.giveUpIf();
  if (target !== "i64") return e.apply(target as "i32", [double], "i32.trunc_f64_s");
  // 2^63 itself passes the check and becomes the largest long, as in Java.
  return e.define("i64", () => {
    e.get(double.local);
    e.f64(high);
    e.op("f64.ge");
    e.if(
      () => e.i64(2n ** 63n - 1n),
      () => {
        e.get(double.local);
        e.op("i64.trunc_f64_s");
      },
      "i64",
    );
  });
}
