import { isObject, type GoldenCase, type Json, type JsonObject } from "./case.js";
import { asNumber, Comparison, type Tolerance } from "./compare.js";

/**
 * How answers of iterative optimisers are judged where Spark itself stopped short of the optimum.
 * `distanceToOptimum` says how far; twice that is allowed, as the recorded tolerance does for the output columns.
 */
export interface Distance {
  /** Relative to the largest number of an attribute. */
  readonly model: number;
  /** Absolute, for the output columns. */
  readonly transform: number;
}

/** A case with a `path` stopped far from the optimum: its distance says nothing about another optimiser's answer. */
export function distanceOf(spec: GoldenCase): Distance {
  const { model, transform } = spec.distanceToOptimum ?? {};
  if (spec.path !== undefined) return { model: 0, transform: 0 };
  return { model: 2 * (asNumber(model) ?? 0), transform: 2 * (asNumber(transform) ?? 0) };
}

export function largestNumber(value: Json): number {
  const number = asNumber(value);
  if (number !== undefined) return Number.isFinite(number) ? Math.abs(number) : 0;
  const items = Array.isArray(value) ? (value as Json[]) : isObject(value) && value.values ? [value.values] : [];
  return items.reduce<number>((most, item) => Math.max(most, largestNumber(item)), 0);
}

/**
 * Another optimiser, or the same one with sums in another order, takes a step more or less: where Spark stopped on its
 * tolerance the histories agree as far as both go, their ends agree, and the lengths differ by a tenth at most, by half for
 * descents of more than 50 steps, whose last ones go along a plateau.
 */
export function sameDescent(expected: readonly Json[], actual: readonly Json[], tolerance: Tolerance): boolean {
  const room = Math.max(2, expected.length / (expected.length > 50 ? 2 : 10));
  if (actual.length === 0 || Math.abs(expected.length - actual.length) > room) return false;
  const close = (a: Json | undefined, b: Json | undefined): boolean =>
    asNumber(a) !== undefined && asNumber(b) !== undefined && tolerance.allows(asNumber(b)!, asNumber(a)!);
  const shared = Math.min(expected.length, actual.length);
  for (let i = 0; i < shared; i++) if (!close(expected[i], actual[i])) return false;
  return close(expected.at(-1), actual.at(-1));
}

/**
 * The fair judgement of a `path` case that does not follow Spark's steps to the end: the descent begins alike, ends no
 * worse, and the metrics are as good. A case whose descent agrees throughout is judged as strictly as any other.
 */
export function judgePath(
  spec: GoldenCase,
  strict: Comparison,
  history: readonly Json[],
  metrics: JsonObject,
): Comparison {
  const expected = (spec.expect.summary as JsonObject).objectiveHistory;
  if (!Array.isArray(expected)) return strict;
  const close = (a: Json, b: Json | undefined): boolean =>
    asNumber(b) !== undefined && strict.tolerance.allows(asNumber(b)!, asNumber(a)!);
  const parted = (expected as Json[]).findIndex((value, i) => !close(value, history[i]));
  const otherModel = strict.mismatches.some(({ path }) => path.startsWith("model."));
  if (parted < Math.min(3, expected.length - 1) || !otherModel) return strict;
  const fair = new Comparison(strict.tolerance);
  const structural = /\.(types|columns|numRows|metadata)\b/;
  fair.mismatches.push(...strict.mismatches.filter(({ path }) => structural.test(path)));
  const [theirs, ours] = [asNumber(expected.at(-1) as Json)!, asNumber(history.at(-1)) ?? NaN];
  // Where rounding decides the way, hundreds of steps end a few per cent apart, on Spark too with its rows in another order:
  // the descent must be 98 % of Spark's.
  const descent = asNumber(expected[0] as Json)! - theirs;
  fair.check(ours <= theirs + 0.02 * descent, "summary.objectiveHistory (last)", theirs, ours);
  for (const [name, value] of Object.entries((spec.expect.metrics ?? {}) as JsonObject)) {
    const near =
      Math.abs((asNumber(metrics[name]) ?? NaN) - asNumber(value)!) <= 0.02 * Math.max(1, Math.abs(asNumber(value)!));
    fair.check(near, `metrics.${name}`, value, metrics[name]);
  }
  return fair;
}
