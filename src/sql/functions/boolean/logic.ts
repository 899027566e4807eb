import type { Emitter, Value } from "../../codegen/index.js";
import { binary, defineFunction, type RowFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { booleanType } from "../../types/index.js";

/** Three-valued AND (`stop` false) and OR (`stop` true): the stopping value wins over null and saves the other operand. */
function lazily(stop: boolean, [left, right]: readonly RowFunction[]): RowFunction {
  return (row) => {
    const a = left(row);
    if (a === stop) return stop;
    const b = right(row);
    if (b === stop) return stop;
    return a === null || b === null ? null : !stop;
  };
}

/** The right operand runs only where the left one does not decide. */
function emitLogic(e: Emitter, stop: boolean, args: readonly (() => Value | undefined)[]): Value | undefined {
  const a = args[0]();
  if (!a) return undefined;
  const value = e.local("i32");
  const valid = e.local("i32");
  const stopped = (x: Value): void => {
    e.get(x.local);
    if (!stop) e.op("i32.eqz");
    e.pushValid(x);
    e.op("i32.and");
  };
  const settle = (): void => {
    e.i32(stop ? 1 : 0);
    e.set(value);
    e.i32(1);
    e.set(valid);
  };
  let failed = false;
  stopped(a);
  e.if(settle, () => {
    const b = args[1]();
    if (!b) {
      failed = true;
      return;
    }
    stopped(b);
    e.if(settle, () => {
      e.i32(stop ? 0 : 1);
      e.set(value);
      e.pushValid(a);
      e.pushValid(b);
      e.op("i32.and");
      e.set(valid);
    });
  });
  return failed ? undefined : { layout: "bool", local: value, valid };
}

const signature = binary(booleanType, booleanType);

const operator = (name: "and" | "or", doc: string, stop: boolean): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature,
    nullable: (args) => args.includes(true),
    evalLazily: (_, args) => lazily(stop, args),
    emitLazily: (e, args) => emitLogic(e, stop, args),
  });

export const and = operator("and", "Whether both conditions are true.", false);
export const or = operator("or", "Whether one of two conditions is true.", true);

export const not = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["not", "!"],
  doc: "The opposite of a condition.",
  signature: takes([booleanType], booleanType),
  eval: () => (a: boolean) => !a,
  emit: (e, [a]) => e.apply("bool", [a], "i32.eqz"),
});
