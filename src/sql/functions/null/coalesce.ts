import type { Emitter, Value } from "../../codegen/index.js";
import { wasmTypeOf } from "../../codegen/index.js";
import { defineFunction, sameTypes } from "../../expressions/index.js";

export const coalesce = defineFunction({
  kind: "scalar",
  names: ["coalesce"],
  doc: "The first value that is not null.",
  signature: sameTypes({ least: 1 }),
  nullable: (args) => !args.includes(false),
  evalLazily: (_, args) => (row) => {
    for (const arg of args) {
      const value = arg(row);
      if (value !== null) return value;
    }
    return null;
  },
  emitLazily(e, args) {
    const first = args[0]();
    if (!first) return undefined;
    return first.valid === null ? first : rest(e, first, args.slice(1));
  },
});

function rest(e: Emitter, first: Value, args: readonly (() => Value | undefined)[]): Value | undefined {
  const type = first.layout === "utf8" ? "i32" : wasmTypeOf(first.layout);
  if (!type) return undefined;
  const result: Value = {
    layout: first.layout,
    local: e.local(type),
    ...(first.length === undefined ? {} : { length: e.local("i32") }),
    valid: e.local("i32"),
  };
  const take = (value: Value): void => {
    e.get(value.local);
    e.set(result.local);
    if (result.length !== undefined) {
      e.get(value.length!);
      e.set(result.length);
    }
    e.pushValid(value);
    e.set(result.valid!);
  };
  let failed = false;
  const next = (i: number): void => {
    if (i >= args.length) return;
    e.get(result.valid!);
    e.op("i32.eqz");
    e.if(() => {
      const value = args[i]();
      if (!value) failed = true;
      else take(value);
      next(i + 1);
    });
  };
  take(first);
  next(0);
  return failed ? undefined : result;
}
