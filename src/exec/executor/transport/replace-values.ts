/**
 * Values inside a payload that cannot cross to another process as they are (shared memory, blocks of an executor) are
 * replaced by marks before it is serialised, and put back on the other side. Most payloads hold none: they are only scanned.
 */
export const MARK = "\u0000kindling";
export interface Mark {
  readonly [MARK]: string;
}

const opaque = [Date, RegExp, Error, ArrayBuffer];

/** Whether a walk looks into the value: arrays, maps, sets, and what structured clone copies as an object. */
const isContainer = (value: object): boolean =>
  !ArrayBuffer.isView(value) && !opaque.some((type) => value instanceof type);

function* childrenOf(value: object): Generator<unknown> {
  if (Array.isArray(value) || value instanceof Set) yield* value as Iterable<unknown>;
  else if (value instanceof Map) for (const [key, item] of value) yield* [key, item];
  else for (const key of Object.keys(value)) yield (value as Record<string, unknown>)[key];
}

/** Every object in a graph once, parents first; `visit` says whether to look into it. */
export function walk(root: unknown, visit: (value: object) => boolean): void {
  const seen = new Set<object>();
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (visit(value) && isContainer(value)) for (const child of childrenOf(value)) stack.push(child);
  }
}

/**
 * The graph with `replace(value)` in place of each object for which that is not undefined, sharing and circles kept.
 * Containers are copied when anything in the graph is replaced, else the graph itself comes back.
 */
export function replaceValues(root: unknown, replace: (value: object) => object | undefined): unknown {
  const replaced = new Map<object, object>();
  walk(root, (value) => {
    const instead = replace(value);
    if (instead) replaced.set(value, instead);
    return !instead;
  });
  if (replaced.size === 0) return root;
  const copy = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    const known = replaced.get(value);
    if (known) return known;
    if (!isContainer(value)) return value;
    if (Array.isArray(value)) {
      const items: unknown[] = new Array(value.length);
      replaced.set(value, items);
      // Holes stay holes.
      for (const key of Object.keys(value)) items[key as unknown as number] = copy(value[key as unknown as number]);
      return items;
    }
    if (value instanceof Map) {
      const map = new Map<unknown, unknown>();
      replaced.set(value, map);
      for (const [key, item] of value) map.set(copy(key), copy(item));
      return map;
    }
    if (value instanceof Set) {
      const set = new Set<unknown>();
      replaced.set(value, set);
      for (const item of value) set.add(copy(item));
      return set;
    }
    const object: Record<string, unknown> = {};
    replaced.set(value, object);
    for (const key of Object.keys(value)) object[key] = copy((value as Record<string, unknown>)[key]);
    return object;
  };
  return copy(root);
}
