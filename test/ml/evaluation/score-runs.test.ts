import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closingArea, stretchAreas } from "../../../src/ml/evaluation/metrics/curve-areas.js";
import { compareScores, firstNotAbove, mergeRuns, scoreRun } from "../../../src/ml/evaluation/metrics/score-runs.js";

const run = (scores: readonly number[]) =>
  scoreRun(
    Float64Array.from(scores),
    Float64Array.from(scores, (_, i) => i % 2),
    Float64Array.from(scores, (_, i) => 1 - (i % 2)),
    scores.length,
  );
const doubles = fc.array(fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, Number.NaN, Infinity, -Infinity)));

describe("score runs", () => {
  it("orders distinct scores, largest first, and adds up the weights", () => {
    const { scores, positive, negative } = run([1, 0, -0, Number.NaN, 1, -Infinity, 2, 0]);
    expect([...scores]).toEqual([Number.NaN, 2, 1, 0, -Infinity]);
    expect([...positive]).toEqual([1, 0, 0, 2, 1]);
    expect([...negative]).toEqual([0, 1, 2, 1, 0]);
  });

  it("sorts any doubles", () => {
    fc.assert(
      fc.property(doubles, (values) => {
        const { scores, length } = run(values);
        const sorted = [...values].sort((a, b) => compareScores(b, a));
        const distinct = sorted.filter((v, i) => i === 0 || compareScores(v, sorted[i - 1]) !== 0);
        expect(length).toBe(distinct.length);
        expect([...scores].map((v) => v + 0)).toEqual(distinct.map((v) => v + 0));
      }),
    );
  });

  it("merges runs into the run of all rows", () => {
    fc.assert(
      fc.property(doubles, doubles, (a, b) => {
        const runs = [run(a), run(b)];
        const merged = mergeRuns(
          runs,
          [0, 0],
          runs.map((r) => r.length),
        );
        expect([...merged.scores].map((v) => v + 0)).toEqual([...run([...a, ...b]).scores].map((v) => v + 0));
        expect(merged.positive.reduce((s, v) => s + v, 0)).toBe(
          [...a, ...b].length - merged.negative.reduce((s, v) => s + v, 0),
        );
      }),
    );
  });

  it("finds where a bound cuts a run", () => {
    const sorted = run([5, 4, 3, 2]);
    expect([6, 5, 3.5, 2, 1].map((bound) => firstNotAbove(sorted, bound))).toEqual([0, 0, 2, 3, 4]);
  });
});

describe("areas", () => {
  const total = { positive: 2, negative: 2 };
  const before = { positive: 0, negative: 0 };
  it("is one for a perfect order and adds up over stretches", () => {
    const positive = Float64Array.of(1, 1, 0, 0);
    const negative = Float64Array.of(0, 0, 1, 1);
    const whole = stretchAreas({ positive, negative, before, total });
    expect(whole).toEqual({ roc: 1, pr: 1 });
    const first = stretchAreas({ positive: positive.subarray(0, 1), negative: negative.subarray(0, 1), before, total });
    const middle = { positive: 1, negative: 0 };
    const rest = stretchAreas({
      positive: positive.subarray(1),
      negative: negative.subarray(1),
      before: middle,
      total,
    });
    expect(first.roc + rest.roc).toBe(1);
    expect(first.pr + rest.pr).toBe(1);
  });
  it("closes at (1, 1)", () => {
    expect(closingArea(total)).toBe(0);
    expect(closingArea({ positive: 3, negative: 0 })).toBe(1);
    expect(closingArea(before)).toBe(0.5);
  });
});
