import { IllegalArgumentException } from "../../common/index.js";
import { functionSyntax } from "./function-syntax.js";
import { type KnownValue, knownValue } from "./known-values.js";
import { portableClassOf } from "./portable-class.js";
import { readScopes } from "./read-scopes.js";

/** A reference to another node of the graph, or a value that structured clone copies as it is. */
export type ClosureValue = { readonly ref: number } | { readonly value: unknown };

/** One node of a captured graph; nodes refer to each other by number, so cycles and sharing survive. */
export type ClosureNode =
  | {
      readonly kind: "function";
      readonly name: string;
      readonly expression: string;
      readonly variables: Record<string, ClosureValue>;
    }
  | { readonly kind: "known"; readonly known: KnownValue }
  | { readonly kind: "array"; readonly items: readonly ClosureValue[] }
  | { readonly kind: "object"; readonly entries: readonly (readonly [string, ClosureValue])[]; readonly bare: boolean }
  | { readonly kind: "map"; readonly entries: readonly (readonly [ClosureValue, ClosureValue])[] }
  | { readonly kind: "set"; readonly items: readonly ClosureValue[] }
  | { readonly kind: "portable"; readonly name: string; readonly parts: ClosureValue };

/** A function with everything it closes over, as plain data that structured clone copies. */
export interface Closure {
  readonly nodes: readonly ClosureNode[];
  readonly root: number;
}

const clonedAsIs = [Date, RegExp, ArrayBuffer, SharedArrayBuffer, DataView, Error];

/**
 * Captures `fn` and the variables it closes over, by value, now.
 * Throws an error that names the variable when one of them cannot travel, or is not defined anywhere.
 */
export function captureClosure(fn: (...args: never[]) => unknown): Closure {
  const nodes: ClosureNode[] = [];
  const seen = new Map<unknown, number>();

  const refuse = (path: string, why: string): IllegalArgumentException =>
    new IllegalArgumentException(
      `The function cannot be shipped to a worker: ${path} ${why}. Pass plain data, typed arrays, Maps, Sets, Dates, vectors or other functions, or create it inside the function.`,
      { condition: "UNSERIALIZABLE_CLOSURE", parameters: { variable: path } },
    );

  const add = (value: unknown, build: (id: number) => ClosureNode): ClosureValue => {
    const id = nodes.length;
    seen.set(value, id);
    // Reserves the number before the children are visited: they may refer back to it.
    nodes.push(undefined as unknown as ClosureNode);
    nodes[id] = build(id);
    return { ref: id };
  };

  const capture = (value: unknown, path: string): ClosureValue => {
    if (typeof value === "symbol") throw refuse(path, "is a symbol");
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return { value };
    const known = seen.get(value);
    if (known !== undefined) return { ref: known };
    const there = knownValue(value);
    if (there) return add(value, () => ({ kind: "known", known: there }));
    if (typeof value === "function") return captureFunction(value as (...args: never[]) => unknown, path);
    const portable = portableClassOf(value);
    if (portable) {
      return add(value, () => ({ kind: "portable", name: portable.name, parts: capture(portable.take(value), path) }));
    }
    if (ArrayBuffer.isView(value) || clonedAsIs.some((type) => value instanceof type)) return { value };
    if (Array.isArray(value)) {
      return add(value, () => ({ kind: "array", items: value.map((item, i) => capture(item, `${path}[${i}]`)) }));
    }
    if (value instanceof Map) {
      const entries = (): [ClosureValue, ClosureValue][] =>
        [...value].map(([k, v]) => [capture(k, `a key of ${path}`), capture(v, `${path}.get(${String(k)})`)]);
      return add(value, () => ({ kind: "map", entries: entries() }));
    }
    if (value instanceof Set) {
      return add(value, () => ({ kind: "set", items: [...value].map((item) => capture(item, `an item of ${path}`)) }));
    }
    return captureObject(value, path);
  };

  const captureObject = (value: object, path: string): ClosureValue => {
    const prototype = Object.getPrototypeOf(value) as object | null;
    const isNamespace = (value as Record<symbol, unknown>)[Symbol.toStringTag] === "Module";
    if (prototype !== null && prototype !== Object.prototype && !isNamespace) {
      throw refuse(
        path,
        `is an instance of ${prototype.constructor?.name ?? "a class"}, which has state that cannot be copied`,
      );
    }
    return add(value, () => ({
      kind: "object",
      bare: prototype === null,
      entries: Object.keys(value).map((key) => [
        key,
        capture((value as Record<string, unknown>)[key], `${path}.${key}`),
      ]),
    }));
  };

  const captureFunction = (value: (...args: never[]) => unknown, path: string): ClosureValue => {
    const text = Function.prototype.toString.call(value);
    if (/\{\s*\[native code\]\s*\}$/.test(text)) throw refuse(path, "is a native or bound function");
    const syntax = functionSyntax(value);
    if (syntax.usesOuterThis) throw refuse(path, "uses `this` of the place where it was written");
    return add(value, () => {
      const scopes = readScopes(value, new Set(syntax.freeVariables));
      const variables: Record<string, ClosureValue> = {};
      for (const name of syntax.freeVariables) {
        if (scopes.has(name)) variables[name] = captureVariable(name, scopes.get(name), syntax.members.get(name));
        else if (!(name in globalThis)) throw refuse(name, "is not defined");
      }
      return { kind: "function", name: value.name, expression: syntax.expression, variables };
    });
  };

  /** Of a module namespace or plain object that is only used as `name.member`, only those members travel. */
  const captureVariable = (name: string, value: unknown, members: ReadonlySet<string> | undefined): ClosureValue => {
    const whole = typeof value !== "object" || value === null || !members || seen.has(value) || knownValue(value);
    const plain = !whole && [null, Object.prototype].includes(Object.getPrototypeOf(value) as never);
    const namespace = !whole && (value as Record<symbol, unknown>)[Symbol.toStringTag] === "Module";
    if (whole || !(plain || namespace) || Array.isArray(value)) return capture(value, name);
    const holder = value as Record<string, unknown>;
    const id = nodes.length;
    nodes.push(undefined as unknown as ClosureNode);
    const entries = [...members].map((key) => [key, capture(holder[key], `${name}.${key}`)] as const);
    nodes[id] = { kind: "object", bare: false, entries };
    return { ref: id };
  };

  const root = captureFunction(fn, fn.name || "the function") as { ref: number };
  return { nodes, root: root.ref };
}
