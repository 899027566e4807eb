import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { doubleType } from "../../types/index.js";

const constant = (name: string, doc: string, value: number): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature: takes([], doubleType),
    eval: () => () => value,
  });

export const e = constant("e", "Euler's number.", Math.E);
export const pi = constant("pi", "The ratio of a circle's circumference to its diameter.", Math.PI);
