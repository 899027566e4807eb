import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import type { Closure, ClosureEntry, ClosureNode, ClosureValue } from "./closure-node.js";
import { resolveKnown } from "./known-values.js";
import { contextScript, moduleValue } from "./load-modules.js";
import { portableClass } from "./portable-class.js";

type FunctionNode = Extract<ClosureNode, { kind: "function" }>;
type InstanceNode = Extract<ClosureNode, { kind: "instance" }>;

/**
 * Puts a captured function together again, on a worker. Throws when it uses modules that this thread has not loaded: they are noted,
 * `loadWantedModules` loads them, and the next call succeeds.
 */
export function reviveClosure(closure: Closure): (...args: unknown[]) => unknown {
  wantModules(closure);
  return new Revival(closure).node(closure.root) as (...args: unknown[]) => unknown;
}

/** Notes every module of the closure before the first one stops its revival, so that one round of loading is enough. */
function wantModules(closure: Closure): void {
  let missing: unknown;
  for (const node of closure.nodes) {
    if (node.kind !== "module") continue;
    try {
      moduleValue(node.module);
    } catch (error) {
      missing ??= error;
    }
  }
  if (missing !== undefined) throw missing;
}

class Revival {
  private readonly made: unknown[];
  private readonly begun = new Set<number>();

  constructor(private readonly closure: Closure) {
    this.made = new Array(closure.nodes.length);
  }

  node(id: number): unknown {
    if (!this.begun.has(id)) {
      this.begun.add(id);
      this.build(id, this.closure.nodes[id]);
    }
    return this.made[id];
  }

  private value(part: ClosureValue): unknown {
    return "ref" in part ? this.node(part.ref) : part.value;
  }

  /** Containers are registered empty before their contents are built, which may refer back to them. */
  private build(id: number, from: ClosureNode): void {
    const { made } = this;
    switch (from.kind) {
      case "known":
        made[id] = resolveKnown(from.known);
        break;
      case "module":
        made[id] = moduleValue(from.module);
        break;
      case "require":
        made[id] = createRequire(from.parent);
        break;
      case "symbol":
        made[id] = Symbol.for(from.key);
        break;
      case "copy":
        made[id] = from.value;
        break;
      case "buffer":
        made[id] = Buffer.from(from.bytes.buffer, from.bytes.byteOffset, from.bytes.byteLength);
        break;
      case "portable":
        made[id] = portableClass(from.name).make(this.value(from.parts));
        break;
      case "array": {
        const array: unknown[] = [];
        made[id] = array;
        for (const item of from.items) array.push(this.value(item));
        break;
      }
      case "object":
        made[id] = from.bare ? Object.create(null) : {};
        this.assign(made[id] as object, from.entries);
        break;
      case "instance":
        this.instance(id, from);
        break;
      case "map": {
        const map = new Map<unknown, unknown>();
        made[id] = map;
        for (const [key, part] of from.entries) map.set(this.value(key), this.value(part));
        break;
      }
      case "set": {
        const set = new Set<unknown>();
        made[id] = set;
        for (const item of from.items) set.add(this.value(item));
        break;
      }
      case "function":
        this.function(id, from);
    }
  }

  /** Defines the properties: a `__proto__` or a setter of the class stays what it was. */
  private assign(target: object, entries: readonly ClosureEntry[]): void {
    for (const [key, part] of entries) {
      Object.defineProperty(target, key, {
        value: this.value(part),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  }

  /** The object exists before its class does: the class may refer to it. */
  private instance(id: number, from: InstanceNode): void {
    const instance = {};
    this.made[id] = instance;
    const { prototype } = this.value(from.class) as { prototype: object };
    Object.setPrototypeOf(instance, prototype);
    this.assign(instance, from.entries);
  }

  private function(id: number, from: FunctionNode): void {
    const variables = new Map(from.variables);
    const names = [...variables.keys()];
    const { bind, make } = declare(from, names);
    const eager = from.eager.filter((name) => variables.has(name));
    for (const name of eager) bind(names.indexOf(name), this.value(variables.get(name)!));
    const fn = make();
    this.made[id] = fn;
    names.forEach((name, i) => bind(i, this.value(variables.get(name)!)));
    this.assign(fn, from.properties);
  }
}

interface Declared {
  readonly bind: (variable: number, value: unknown) => void;
  readonly make: () => (...args: never[]) => unknown;
}

/** The text as a function that evaluates it, with its free variables declared around it, and a way to fill them in. */
function declare({ name, expression, file }: FunctionNode, names: readonly string[]): Declared {
  const declared = names.length ? `let ${names.join(", ")};` : "";
  const bound = names.map((variable) => `() => { ${variable} = $kindling.value; }`).join(", ");
  // No line of its own before the user's text, and no name that could hide a variable of the user's.
  const source = `(($kindling) => { "use strict"; ${declared} return { setters: [${bound}], make: () => ${expression} }; })`;
  const from =
    file !== undefined && expression.includes("import(")
      ? contextScript(source, fileURLToPath(file))
      : new Script(source, { filename: `closure:${name || "anonymous"}` }).runInThisContext();
  const holder: { value?: unknown } = {};
  const { setters, make } = (from as (holder: object) => { setters: (() => void)[]; make: Declared["make"] })(holder);
  return {
    bind: (variable, value) => {
      holder.value = value;
      setters[variable]();
    },
    make,
  };
}
