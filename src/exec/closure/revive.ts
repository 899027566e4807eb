import { Script } from "node:vm";
import type { Closure, ClosureNode, ClosureValue } from "./capture.js";
import { resolveKnown } from "./known-values.js";
import { portableClass } from "./portable-class.js";

type Bindings = { readonly fn: (...args: never[]) => unknown; readonly bind: (values: readonly unknown[]) => void };

/** Puts a captured function together again, on a worker. */
export function reviveClosure(closure: Closure): (...args: unknown[]) => unknown {
  const made: unknown[] = new Array(closure.nodes.length);
  const done = new Set<number>();

  const value = (part: ClosureValue): unknown => ("ref" in part ? node(part.ref) : part.value);

  const node = (id: number): unknown => {
    if (!done.has(id)) {
      done.add(id);
      build(id, closure.nodes[id]);
    }
    return made[id];
  };

  /** Containers are registered empty before their contents are built, which may refer back to them. */
  const build = (id: number, from: ClosureNode): void => {
    switch (from.kind) {
      case "known":
        made[id] = resolveKnown(from.known);
        break;
      case "portable":
        made[id] = portableClass(from.name).make(value(from.parts));
        break;
      case "array": {
        const array: unknown[] = [];
        made[id] = array;
        for (const item of from.items) array.push(value(item));
        break;
      }
      case "object": {
        const object = (from.bare ? Object.create(null) : {}) as Record<string, unknown>;
        made[id] = object;
        for (const [key, part] of from.entries) object[key] = value(part);
        break;
      }
      case "map": {
        const map = new Map<unknown, unknown>();
        made[id] = map;
        for (const [key, part] of from.entries) map.set(value(key), value(part));
        break;
      }
      case "set": {
        const set = new Set<unknown>();
        made[id] = set;
        for (const item of from.items) set.add(value(item));
        break;
      }
      case "function": {
        const names = Object.keys(from.variables);
        const { fn, bind } = evaluate(from.name, from.expression, names);
        made[id] = fn;
        bind(names.map((name) => value(from.variables[name])));
      }
    }
  };
  return node(closure.root) as (...args: unknown[]) => unknown;
}

/** Evaluates the text with its free variables declared around it and gives a way to fill them in afterwards. */
function evaluate(name: string, expression: string, names: readonly string[]): Bindings {
  const declared = names.length ? `let ${names.join(", ")};` : "";
  const bound = names.map((variable, i) => `${variable} = $kindling[${i}];`).join(" ");
  // The wrapper uses no name that could hide a variable of the user's, and no line of its own before the user's text.
  const source = `(() => { "use strict"; ${declared} return { bind: ($kindling) => { ${bound} }, fn: ${expression} }; })()`;
  const script = new Script(source, { filename: `closure:${name || "anonymous"}` });
  return script.runInThisContext() as Bindings;
}
