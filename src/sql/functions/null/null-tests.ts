import type { Emitter, Value } from "../../codegen/index.js";
import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { booleanType, doubleType, floatType } from "../../types/index.js";

const test = (
  name: string,
  doc: string,
  evaluate: (a: unknown) => boolean,
  push: (e: Emitter, a: Value) => void,
): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature: takes(["any"], booleanType),
    nullable: "never",
    eval: () => evaluate,
    emit: (e, [a]) => e.define("bool", () => push(e, a)),
  });

export const isNull = test(
  "isnull",
  "Whether a value is null.",
  (a) => a === null,
  (e, a) => {
    e.pushValid(a);
    e.op("i32.eqz");
  },
);
export const isNotNull = test(
  "isnotnull",
  "Whether a value is not null.",
  (a) => a !== null,
  (e, a) => e.pushValid(a),
);

export const isNaN = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["isnan"],
  doc: "Whether a number is NaN; false for null.",
  signature: takes([[doubleType, floatType]], booleanType),
  nullable: "never",
  eval: () => (a: number | null) => a !== null && Number.isNaN(a),
  emit: (e, [a]) =>
    e.define("bool", () => {
      e.get(a.local);
      e.get(a.local);
      e.op(`${a.layout as string}.ne`);
      e.pushValid(a);
      e.op("i32.and");
    }),
});
