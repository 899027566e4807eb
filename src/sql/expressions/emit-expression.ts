import { type Emitter, type Value, wasmTypeOf } from "../codegen/index.js";
import { layoutOf } from "../types/index.js";
import { castFunction } from "./cast/cast-value.js";
import { emitCast } from "./cast/emit-cast.js";
import { isNumeric } from "./coercion.js";
import type { ResolvedCall, ScalarFunction } from "./descriptor.js";
import type { Expression, LiteralExpression } from "./expression.js";
import { typeOf } from "./expression-type.js";
import { literalOf } from "./literal-of.js";
import { functionOf } from "./registry.js";

/** Where an expression finds its inputs while it is emitted. */
export interface EmitScope {
  readonly emitter: Emitter;
  column(ordinal: number): Value;
  text(literal: string): Value;
}

/** Emits code for a resolved, bound expression; undefined when a part of it has none. */
export function emitExpression(e: Expression, scope: EmitScope): Value | undefined {
  switch (e.kind) {
    case "alias":
      return emitExpression(e.child, scope);
    case "bound":
      return scope.column(e.ordinal);
    case "literal":
      return emitLiteral(e, scope);
    case "cast": {
      if (e.lenient) return undefined;
      if (e.child.kind === "literal" && isNumeric(e.type) && isNumeric(e.child.type)) {
        const cast = castFunction(e.child.type, e.type, { lenient: false, timeZone: "UTC" });
        return emitLiteral(literalOf(cast(e.child.value), e.type), scope);
      }
      const child = emitExpression(e.child, scope);
      return child && intolerant(scope.emitter, [child], () => emitCast(scope.emitter, child, typeOf(e.child), e.type));
    }
    case "call":
      return emitCall(e as ResolvedCall, scope);
    default:
      return undefined;
  }
}

function emitLiteral({ value, type }: LiteralExpression, { emitter, text }: EmitScope): Value | undefined {
  const layout = layoutOf(type);
  if (layout === "utf8") {
    if (typeof value === "string") return text(value);
    const empty = text("");
    return { ...empty, valid: emitter.define("bool", () => emitter.i32(0)).local };
  }
  const wasm = wasmTypeOf(layout);
  if (!wasm) return undefined;
  const constant = emitter.define(layout, () => {
    if (wasm === "i64") emitter.i64(BigInt((value as bigint | null) ?? 0));
    else emitter[wasm](Number(value));
  });
  return value === null ? { ...constant, valid: emitter.define("bool", () => emitter.i32(0)).local } : constant;
}

function emitCall(call: ResolvedCall, scope: EmitScope): Value | undefined {
  const { emitter } = scope;
  const descriptor = functionOf(call.name) as ScalarFunction;
  if (descriptor.emitLazily) {
    const thunks = call.args.map((arg) => () => emitExpression(arg, scope));
    return descriptor.emitLazily(emitter, thunks, call);
  }
  if (!descriptor.emit) return undefined;
  const args: Value[] = [];
  for (const arg of call.args) {
    const value = emitExpression(arg, scope);
    if (!value) return undefined;
    args.push(value);
  }
  const emit = (): Value | undefined => descriptor.emit!(emitter, args, call);
  const { nullable = "whenArgIs" } = descriptor;
  return nullable === "whenArgIs" || nullable === "sometimes" ? intolerant(emitter, args, emit) : emit();
}

/** Null where an argument is null; code that may give up runs only where all arguments are valid. */
function intolerant(e: Emitter, args: readonly Value[], emit: () => Value | undefined): Value | undefined {
  const valid = conjunction(
    e,
    args.flatMap((arg) => arg.valid ?? []),
  );
  const outer = e.fallible;
  e.fallible = false;
  let value: Value | undefined;
  const code = e.fn.capture(() => {
    value = emit();
  });
  if (e.fallible && valid !== null) {
    e.get(valid);
    e.if(() => e.fn.place(code));
  } else e.fn.place(code);
  e.fallible ||= outer;
  if (!value) return undefined;
  const own = value.valid === null || args.some((arg) => arg.valid === value!.valid) ? [] : [value.valid];
  return { ...value, valid: conjunction(e, [...(valid === null ? [] : [valid]), ...own]) };
}

/** One flag for several; null for none. */
function conjunction(e: Emitter, flags: readonly number[]): number | null {
  const distinct = [...new Set(flags)];
  if (distinct.length < 2) return distinct[0] ?? null;
  return e.define("bool", () => {
    e.get(distinct[0]);
    for (const flag of distinct.slice(1)) {
      e.get(flag);
      e.op("i32.and");
    }
  }).local;
}
