import type { Param } from "./param.js";
import { checkValue } from "./param-types.js";

// A param map holds params of many value types.
// oxlint-disable-next-line no-explicit-any
export type AnyParam = Param<any>;

/** What `fit`, `transform`, `evaluate` and `copy` accept: a param map, a `Map` by `Param`, or values by param name. */
export type ParamMapLike = ParamMap | ReadonlyMap<AnyParam, unknown> | Readonly<Record<string, unknown>>;

/** Values by param, of one stage or of several (a pipeline's); values are checked when they are put. */
export class ParamMap implements Iterable<readonly [AnyParam, unknown]> {
  private readonly entries = new Map<string, readonly [AnyParam, unknown]>();

  constructor(entries: Iterable<readonly [AnyParam, unknown]> = []) {
    for (const [param, value] of entries) this.put(param, value);
  }

  put<T>(param: Param<T>, value: T): this {
    this.entries.set(String(param), [param, checkValue(param, value)]);
    return this;
  }

  get<T>(param: Param<T>): T | undefined {
    return this.entries.get(String(param))?.[1] as T | undefined;
  }

  contains(param: AnyParam): boolean {
    return this.entries.has(String(param));
  }

  remove(param: AnyParam): this {
    this.entries.delete(String(param));
    return this;
  }

  get size(): number {
    return this.entries.size;
  }

  copy(): ParamMap {
    return new ParamMap(this);
  }

  /** A new map with this map's values, overridden by the other's. */
  concat(other: ParamMap): ParamMap {
    return new ParamMap([...this, ...other]);
  }

  [Symbol.iterator](): Iterator<readonly [AnyParam, unknown]> {
    return this.entries.values();
  }
}

/** The same as a {@link ParamMap}; plain names are looked up with `find`. */
export function toParamMap(like: ParamMapLike | undefined, find: (name: string) => AnyParam): ParamMap {
  if (like === undefined) return new ParamMap();
  if (like instanceof ParamMap) return like;
  if (like instanceof Map) return new ParamMap(like as ReadonlyMap<AnyParam, unknown>);
  const named = Object.entries(like as Readonly<Record<string, unknown>>).filter(([, value]) => value !== undefined);
  return new ParamMap(named.map(([name, value]) => [find(name), value] as const));
}
