import type { Emitter, Value } from "../../codegen/index.js";
import { wasmTypeOf } from "../../codegen/index.js";
import {
  type CallExpression,
  castTo,
  commonOf,
  checkCount,
  defineFunction,
  type Expression,
  isNullable,
  type ResolvedCall,
  type RowFunction,
  type ScalarFunction,
  type Signature,
  typeOf,
  unexpectedInput,
} from "../../expressions/index.js";
import { BooleanType, booleanType, layoutOf, NullType } from "../../types/index.js";

/** Arguments: condition, value, condition, value, ... and last, without a condition, the value otherwise. */
const signature: Signature = (args, call) => {
  checkCount(call, 2, Infinity);
  const isValue = (i: number): boolean => i % 2 === 1 || i === args.length - 1;
  const type = commonOf(
    args.filter((_, i) => isValue(i)),
    call,
  );
  const cast = args.map((arg, i) => (isValue(i) ? castTo(arg, type) : condition(arg, call, i)));
  const values: Expression[] = cast.filter((_, i) => isValue(i));
  return { args: cast, type, nullable: args.length % 2 === 0 || values.some(isNullable) };
};

/** A condition must be boolean already; only IF takes a bare null for one. */
function condition(arg: Expression, call: CallExpression, index: number): Expression {
  const type = typeOf(arg);
  if (type instanceof BooleanType) return arg;
  if (type instanceof NullType && call.name.toLowerCase() === "if") return castTo(arg, booleanType);
  throw unexpectedInput(call, index, booleanType);
}

function evalLazily(_: ResolvedCall, args: readonly RowFunction[]): RowFunction {
  return (row) => {
    let i = 0;
    for (; i + 1 < args.length; i += 2) if (args[i](row) === true) return args[i + 1](row);
    return i < args.length ? args[i](row) : null;
  };
}

function emitLazily(e: Emitter, args: readonly (() => Value | undefined)[], call: ResolvedCall): Value | undefined {
  const layout = layoutOf(call.type);
  const type = layout === "utf8" ? "i32" : wasmTypeOf(layout);
  if (!type) return undefined;
  const result: Value = {
    layout,
    local: e.local(type),
    ...(layout === "utf8" ? { length: e.local("i32") } : {}),
    valid: e.local("i32"),
  };
  let failed = false;
  const take = (arg: () => Value | undefined): void => {
    const value = arg();
    if (!value) {
      failed = true;
      return;
    }
    e.get(value.local);
    e.set(result.local);
    if (result.length !== undefined) {
      e.get(value.length!);
      e.set(result.length);
    }
    e.pushValid(value);
    e.set(result.valid!);
  };
  const branch = (i: number): void => {
    if (i >= args.length) {
      e.i32(0);
      e.set(result.valid!);
      return;
    }
    if (i === args.length - 1) return take(args[i]);
    const condition = args[i]();
    if (!condition) {
      failed = true;
      return;
    }
    e.get(condition.local);
    e.pushValid(condition);
    e.op("i32.and");
    e.if(
      () => take(args[i + 1]),
      () => branch(i + 2),
    );
  };
  branch(0);
  return failed ? undefined : result;
}

export const when = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["when", "case"],
  doc: "The value of the first branch whose condition is true.",
  signature,
  evalLazily,
  emitLazily,
});

export const ifElse = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["if"],
  doc: "The second argument where the first is true, else the third.",
  signature(args, call) {
    checkCount(call, 3, 3);
    return signature(args, call);
  },
  evalLazily,
  emitLazily,
});
