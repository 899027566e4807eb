import { types } from "node:util";
import { captureFunction } from "./capture-function.js";
import { captureInstance } from "./capture-instance.js";
import type { Closure, ClosureEntry, ClosureNode, ClosureValue, ModuleReference } from "./closure-node.js";
import { exportedName, knownValue } from "./known-values.js";
import { isNamespace, nameOf, ownProperties } from "./own-properties.js";
import { portableClassOf } from "./portable-class.js";
import { refuseClosure } from "./refuse-closure.js";
import { OWN_NAME } from "./typescript-modules.js";

export type AnyFunction = (...args: never[]) => unknown;

const clonedAsIs = new Set<unknown>(
  [Date, RegExp, ArrayBuffer, SharedArrayBuffer, DataView, Error, TypeError, RangeError, SyntaxError].map(
    (c) => c.prototype,
  ),
);

/** The graph of one closure while it is captured. Nothing of the user's runs: no getter, no iterator, no `toString`. */
export class Capture {
  private readonly nodes: ClosureNode[] = [];
  private readonly seen = new Map<unknown, number>();

  closure(fn: AnyFunction): Closure {
    const root = this.value(fn, nameOf(fn) || "the function") as { ref: number };
    return { nodes: this.nodes, root: root.ref };
  }

  /** A new node; `value`, if given, is known by its number from now on: its children may refer back to it. */
  add(value: unknown, build: () => ClosureNode): ClosureValue {
    const id = this.nodes.length;
    if (value !== undefined) this.seen.set(value, id);
    this.nodes.push(undefined as unknown as ClosureNode);
    this.nodes[id] = build();
    return { ref: id };
  }

  /** What `capture` gives, or nothing and no trace of it when it refuses. */
  attempt(capture: () => ClosureValue): { value: ClosureValue } | { refusal: unknown } {
    const mark = this.nodes.length;
    try {
      return { value: capture() };
    } catch (refusal) {
      this.nodes.length = mark;
      for (const [value, id] of this.seen) if (id >= mark) this.seen.delete(value);
      return { refusal };
    }
  }

  /** Captures a value; `path` names it in an error. */
  value(value: unknown, path: string): ClosureValue {
    if (typeof value === "symbol") return this.symbol(value, path);
    if ((typeof value !== "object" && typeof value !== "function") || value === null) return { value };
    const known = this.seen.get(value);
    if (known !== undefined) return { ref: known };
    if (types.isProxy(value)) throw refuseClosure(path, "is a Proxy");
    const there = knownValue(value);
    if (there) return this.add(value, () => ({ kind: "known", known: there }));
    const own = exportedName(value);
    if (own !== undefined) return this.add(value, () => ({ kind: "module", module: ownExport(own) }));
    if (typeof value === "function") return captureFunction(this, value as AnyFunction, path);
    const portable = portableClassOf(value);
    if (portable) {
      return this.add(value, () => ({
        kind: "portable",
        name: portable.name,
        parts: this.value(portable.take(value), path),
      }));
    }
    return this.container(value, path);
  }

  entries(pairs: readonly (readonly [string, unknown])[], path: string): ClosureEntry[] {
    return pairs.map(([key, item]) => [key, this.value(item, path === "" ? key : `${path}.${key}`)]);
  }

  private container(value: object, path: string): ClosureValue {
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (Buffer.isBuffer(value)) return this.add(value, () => ({ kind: "buffer", bytes: Uint8Array.from(value) }));
    if (ArrayBuffer.isView(value) || clonedAsIs.has(prototype)) return { value };
    if (Array.isArray(value) && prototype === Array.prototype) {
      if (value.every(isPrimitive)) return this.add(value, () => ({ kind: "copy", value: value.slice() }));
      return this.add(value, () => ({
        kind: "array",
        items: Array.from({ length: value.length }, (_, i) => this.value(value[i], `${path}[${i}]`)),
      }));
    }
    if (prototype === Map.prototype) {
      const map = new Map(Map.prototype.entries.call(value));
      if ([...map].every(([k, v]) => isPrimitive(k) && isPrimitive(v))) {
        return this.add(value, () => ({ kind: "copy", value: map }));
      }
      const entries = (): (readonly [ClosureValue, ClosureValue])[] =>
        [...map].map(
          ([k, v]) => [this.value(k, `a key of ${path}`), this.value(v, `${path}.get(${printed(k)})`)] as const,
        );
      return this.add(value, () => ({ kind: "map", entries: entries() }));
    }
    if (prototype === Set.prototype) {
      const set = new Set(Set.prototype.values.call(value));
      if ([...set].every(isPrimitive)) return this.add(value, () => ({ kind: "copy", value: set }));
      const items = (): ClosureValue[] => [...set].map((item) => this.value(item, `an item of ${path}`));
      return this.add(value, () => ({ kind: "set", items: items() }));
    }
    if (isNamespace(value)) {
      const holder = value as Readonly<Record<string, unknown>>;
      const pairs = Object.keys(holder).map((key) => [key, holder[key]] as const);
      return this.add(value, () => ({ kind: "object", bare: false, entries: this.entries(pairs, path) }));
    }
    if (prototype !== null && prototype !== Object.prototype) return captureInstance(this, value, path);
    const { data, getters } = ownProperties(value);
    if (getters.length > 0)
      throw refuseClosure(`${path}.${getters[0]}`, "is a getter, which would have to run to be copied");
    if (prototype !== null && data.length > FEW && data.every(([, item]) => isPrimitive(item))) {
      return this.add(value, () => ({ kind: "copy", value: Object.fromEntries(data) }));
    }
    return this.add(value, () => ({ kind: "object", bare: prototype === null, entries: this.entries(data, path) }));
  }

  private symbol(value: symbol, path: string): ClosureValue {
    const key = Symbol.keyFor(value);
    if (key === undefined) throw refuseClosure(path, "is a symbol");
    return this.add(value, () => ({ kind: "symbol", key }));
  }
}

/**
 * Captures `fn` and the variables it closes over, by value, now; what a module of Node, a package or another file of the program
 * exports travels as that module's name, and workers import it.
 * Throws an error that names the variable when one of them cannot travel, or is not defined anywhere.
 */
export const captureClosure = (fn: AnyFunction): Closure => new Capture().closure(fn);

const ownExport = (name: string): ModuleReference => ({
  specifier: OWN_NAME,
  parent: import.meta.url,
  form: "import",
  name,
});

/** Entries below which an object travels property by property. */
const FEW = 16;

const isPrimitive = (value: unknown): boolean =>
  value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol");

const printed = (key: unknown): string =>
  typeof key === "object" || typeof key === "function" ? "a key" : String(key);
