import type { AnyFunction, Capture } from "./capture.js";
import type { ClosureValue } from "./closure-node.js";
import { functionSyntax } from "./function-syntax.js";
import { knownValue } from "./known-values.js";
import { inspectFunction } from "./inspect-function.js";
import { loadedScript } from "./loaded-script.js";
import { exportedAs } from "./module-reference.js";
import { dataProperty, nameOf, ownProperties } from "./own-properties.js";
import { refuseClosure } from "./refuse-closure.js";

/** An instance of a class of the user's: the class and the fields. Refused when the class has state that cannot be read. */
export function captureInstance(capture: Capture, value: object, path: string): ClosureValue {
  const prototype = Object.getPrototypeOf(value) as object;
  const constructor = dataProperty(prototype, "constructor");
  const refuse = (why: string): Error =>
    refuseClosure(path, `is an instance of ${nameOf(constructor) || "a class"}, ${why}`);
  for (
    let at: object | null = prototype;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const of = Object.getOwnPropertyDescriptor(at, "constructor")?.value as unknown;
    if (typeof of !== "function" || isNative(of as AnyFunction)) throw refuse("which has state that cannot be copied");
    const text = Function.prototype.toString.call(of);
    if (!text.startsWith("class")) throw refuse("whose methods are not in its text; make it a class");
    const hidden = functionSyntax(of as AnyFunction).privateMember;
    if (hidden !== undefined) throw refuse(`whose private ${hidden} cannot be read`);
  }
  const { data, getters } = ownProperties(value);
  if (getters.length > 0) throw refuse(`whose ${getters[0]} is a getter, which would have to run to be copied`);
  return capture.add(value, () => ({
    kind: "instance",
    class: capture.value(constructor, nameOf(constructor)),
    entries: capture.entries(data, path),
  }));
}

const isNative = (fn: AnyFunction): boolean => {
  if (knownValue(fn) || /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(fn))) return true;
  const { scriptId } = inspectFunction(fn, new Set());
  return scriptId === undefined || (exportedAs(fn, nameOf(fn)) === undefined && loadedScript(scriptId).native);
};
