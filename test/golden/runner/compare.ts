import { brief, isObject, type Json, type Mismatch, type ToleranceSpec } from "./case.js";

/** How far a number may lie from Spark's: `absolute + relative * |b|`, or for a bare number t: `t * max(1, |b|)`. */
export class Tolerance {
  constructor(
    readonly absolute: number,
    readonly relative: number,
    private readonly unit: boolean,
    readonly on: string = "",
  ) {}

  static of(spec: number | ToleranceSpec | undefined): Tolerance {
    if (spec === undefined) return new Tolerance(1e-9, 1e-9, true);
    if (typeof spec === "number") return new Tolerance(spec, spec, true);
    return new Tolerance(spec.absolute ?? 0, spec.relative ?? 0, false, spec.on);
  }

  /** `slack` is added to the room: how far Spark itself stopped from the optimum. */
  allows(actual: number, expected: number, slack = 0): boolean {
    if (Number.isNaN(expected) || Number.isNaN(actual)) return Number.isNaN(expected) && Number.isNaN(actual);
    if (!Number.isFinite(expected) || !Number.isFinite(actual)) return expected === actual;
    if (actual === expected) return true;
    const size = Math.abs(expected);
    const room = this.unit ? this.relative * Math.max(1, size) : this.absolute + this.relative * size;
    // A recorded value has at most 17 digits; a purely relative tolerance must still allow the rounding of a zero.
    return Math.abs(actual - expected) <= Math.max(room, slack, Number.EPSILON);
  }

  /** Room for a sum of `count` numbers whose squares add up to `squares`. */
  roomForSum(count: number, squares: number): number {
    return this.absolute * count + this.relative * Math.sqrt(count * squares) + 1e-12 * Math.sqrt(count * squares);
  }

  roomForSquares(count: number, squares: number): number {
    return 2 * (this.absolute * Math.sqrt(count * squares) + this.relative * squares) + 1e-12 * squares;
  }
}

const special: Readonly<Record<string, number>> = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };

/** The number a JSON value stands for, `"NaN"` and infinities included; undefined when it is none. */
export const asNumber = (value: unknown): number | undefined =>
  typeof value === "number" ? value : typeof value === "string" ? special[value] : undefined;

/** Collects differences below a path. `actual` is already in golden form (see `toGolden`). */
export class Comparison {
  readonly mismatches: Mismatch[] = [];
  /** Absolute room for the numbers compared next, besides the tolerance. */
  slack = 0;

  constructor(readonly tolerance: Tolerance) {}

  fail(path: string, expected: unknown, actual: unknown): void {
    this.mismatches.push({ path, expected: brief(expected), actual: brief(actual) });
  }

  check(condition: boolean, path: string, expected: unknown, actual: unknown): void {
    if (!condition) this.fail(path, expected, actual);
  }

  value(path: string, expected: Json | undefined, actual: Json | undefined): void {
    if (expected === actual) return;
    const number = asNumber(expected);
    if (number !== undefined) {
      const got = asNumber(actual);
      const same = got !== undefined && this.tolerance.allows(got, number, this.slack);
      this.check(same, path, expected, actual);
    } else if (Array.isArray(expected)) {
      if (!Array.isArray(actual)) return this.fail(path, expected, actual);
      if (expected.length !== actual.length) return this.fail(`${path}.length`, expected.length, actual.length);
      expected.forEach((item, i) => this.value(`${path}[${i}]`, item as Json, actual[i] as Json));
    } else if (isObject(expected)) {
      if (!isObject(actual)) return this.fail(path, expected, actual);
      for (const key of Object.keys(expected)) this.value(`${path}.${key}`, expected[key], actual[key]);
      for (const key of Object.keys(actual))
        if (!(key in expected)) this.fail(`${path}.${key}`, undefined, actual[key]);
    } else {
      this.fail(path, expected, actual);
    }
  }
}
