import { builtinModules, createRequire } from "node:module";
import { isNamespace } from "./own-properties.js";

/** Where a worker finds a value that exists there too: a path from `globalThis`, or from a module of Node. */
export interface KnownValue {
  readonly module?: string;
  readonly path: readonly string[];
}

const require = createRequire(import.meta.url);

/** Globals that every thread has; what a program adds to them later travels like a variable. */
export const standardGlobals: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(globalThis));

let globals: Map<unknown, KnownValue> | undefined;
let builtins = new Map<unknown, KnownValue>();
let builtinsLoaded = -1;

/** Whether a worker has the same function or object under a name of its own. */
export function knownValue(value: unknown): KnownValue | undefined {
  if ((typeof value !== "function" && typeof value !== "object") || value === null) return undefined;
  globals ??= globalValues();
  return globals.get(value) ?? builtinValues().get(moduleDefault(value));
}

/** The value that {@link knownValue} described, on the worker. */
export function resolveKnown(known: KnownValue): unknown {
  const root: unknown = known.module ? require(known.module) : globalThis;
  return known.path.reduce<unknown>((holder, key) => (holder as Record<string, unknown>)[key], root);
}

type Entries = readonly (readonly [string, unknown])[];

/** Own data properties: getters are left alone, some of them warn or load code. */
const dataProperties = (holder: object): Entries =>
  Object.entries(Object.getOwnPropertyDescriptors(holder)).flatMap(([key, descriptor]) =>
    "value" in descriptor ? [[key, descriptor.value as unknown] as const] : [],
  );
const isReference = (value: unknown): value is object =>
  (typeof value === "object" || typeof value === "function") && value !== null;

/** Standard globals and what they hold: `Math`, `Math.max`, `Object.defineProperty`... */
function globalValues(): Map<unknown, KnownValue> {
  const found = new Map<unknown, KnownValue>();
  const standard = dataProperties(globalThis).filter(
    ([name, value]) => standardGlobals.has(name) && !/^(global|globalThis|process)$/.test(name) && isReference(value),
  );
  for (const [name, value] of standard) found.set(value, { path: [name] });
  for (const [name, holder] of standard) {
    for (const [key, value] of dataProperties(holder as object)) {
      if (isReference(value) && !found.has(value)) found.set(value, { path: [name, key] });
    }
  }
  return found;
}

/** Node's modules that are loaded already, and their exports. */
function builtinValues(): Map<unknown, KnownValue> {
  const loaded = (process as unknown as { moduleLoadList: readonly string[] }).moduleLoadList;
  if (loaded.length === builtinsLoaded) return builtins;
  builtinsLoaded = loaded.length;
  const present = new Set(loaded);
  builtins = new Map();
  for (const name of builtinModules) {
    if (name.startsWith("_") || !present.has(`NativeModule ${name}`)) continue;
    const exports = require(`node:${name}`) as object;
    const module = `node:${name}`;
    builtins.set(exports, { module, path: [] });
    for (const [key, value] of dataProperties(exports)) {
      if (isReference(value) && !builtins.has(value)) builtins.set(value, { module, path: [key] });
    }
  }
  return builtins;
}

/** `import * as fs` gives a namespace whose default export is the module's own object. */
const moduleDefault = (value: object): unknown =>
  isNamespace(value) && "default" in value ? (value as { default: unknown }).default : value;

let ownNamespace: (() => object) | undefined;
let ownNames: Map<unknown, string> | undefined;

/** Tells what this package exports: functions, classes and objects among it travel as their names. */
export function publishExports(namespace: () => object): void {
  ownNamespace = namespace;
  ownNames = undefined;
}

/** Name under which this package exports a value. */
export function exportedName(value: unknown): string | undefined {
  if (ownNames === undefined && ownNamespace !== undefined) {
    const named = Object.entries(ownNamespace()).filter(
      ([, item]) =>
        typeof item === "function" || (isReference(item) && Object.getPrototypeOf(item) === Object.prototype),
    );
    ownNames = new Map(named.map(([name, item]) => [item as unknown, name]));
  }
  return ownNames?.get(value);
}
