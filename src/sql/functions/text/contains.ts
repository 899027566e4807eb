import type { StringRuntime } from "../../codegen/index.js";
import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { booleanType, stringType } from "../../types/index.js";

const test = (
  name: string,
  doc: string,
  fn: (text: string, part: string) => boolean,
  wasm: StringRuntime,
): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature: takes([stringType, stringType], booleanType),
    eval: () => fn,
    emit: (e, [text, part]) => e.define("bool", () => e.runtime(wasm, text, part)),
  });

export const contains = test(
  "contains",
  "Whether a text holds another.",
  (text, part) => text.includes(part),
  "utf8_find",
);
export const startsWith = test(
  "startswith",
  "Whether a text starts with another.",
  (text, part) => text.startsWith(part),
  "utf8_starts",
);
export const endsWith = test(
  "endswith",
  "Whether a text ends with another.",
  (text, part) => text.endsWith(part),
  "utf8_ends",
);
