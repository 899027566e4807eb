import { type AnyParam, Param, ParamMap } from "../base/index.js";

const isPair = (arg: unknown): arg is readonly [AnyParam, unknown] => Array.isArray(arg) && arg[0] instanceof Param;

/** Builds the param maps of a grid search: every combination of the values of each param. */
export class ParamGridBuilder {
  private readonly grid = new Map<string, readonly [AnyParam, readonly unknown[]]>();

  /** Values to try for one param; a param added again gets the new values in its old place. */
  addGrid<T>(param: Param<T>, values: Iterable<T>): this {
    this.grid.set(String(param), [param, [...values]]);
    return this;
  }

  /** Params that have one value in all maps: a param map, or pairs of param and value. */
  baseOn(map: Iterable<readonly [AnyParam, unknown]>): this;
  baseOn(...pairs: (readonly [AnyParam, unknown])[]): this;
  baseOn(...args: (Iterable<readonly [AnyParam, unknown]> | readonly [AnyParam, unknown])[]): this {
    for (const arg of args) {
      const pairs = isPair(arg) ? [arg] : (arg as Iterable<readonly [AnyParam, unknown]>);
      for (const [param, value] of pairs) this.addGrid(param, [value]);
    }
    return this;
  }

  /** All combinations; the values of the param added last change fastest. */
  build(): ParamMap[] {
    let maps = [new ParamMap()];
    for (const [param, values] of this.grid.values()) {
      maps = maps.flatMap((map) => values.map((value) => map.copy().put(param, value)));
    }
    return maps;
  }
}
