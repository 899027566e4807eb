import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { PassPool } from "../../../src/exec/index.js";
import type { RatingsPart } from "../../../src/ml/recommendation/als-index-pass.js";
import type { FactorTable } from "../../../src/ml/recommendation/factor-table.js";
import { type AlsSettings, trainAls } from "../../../src/ml/recommendation/train-als.js";

const pool = new PassPool(2);
afterAll(() => pool.stop());

interface Factors {
  readonly numRows: number;
  readonly rows: readonly (readonly [number, readonly number[]])[];
}
interface GoldenCase {
  readonly id: string;
  readonly data: { readonly file?: string; readonly schema?: unknown; readonly rows?: readonly (readonly number[])[] };
  readonly params: Record<string, never>;
  readonly tolerance: { readonly relative: number; readonly absolute: number };
  readonly expect: { readonly model: { readonly userFactors: Factors; readonly itemFactors: Factors } };
}
const { cases } = JSON.parse(readFileSync("test/golden/ml/ALS.json", "utf8")) as { cases: GoldenCase[] };

function ratingsOf(golden: GoldenCase): readonly (readonly number[])[] {
  if (golden.data.rows) return golden.data.rows;
  const [header, ...lines] = readFileSync(`datasets/${golden.data.file}`, "utf8").trim().split("\n");
  const { userCol = "user", itemCol = "item", ratingCol = "rating" } = golden.params as Record<string, string>;
  const at = [userCol, itemCol, ratingCol].map((name) => header.split(",").indexOf(name));
  return lines.map((line) => at.map((i) => Number(line.split(",")[i])));
}

function parts(rows: readonly (readonly number[])[], n: number): RatingsPart[] {
  return Array.from({ length: n }, (_, p) => {
    const own = rows.filter((_row, i) => Math.floor((i * n) / rows.length) === p);
    const part = {
      count: own.length,
      users: new SharedArrayBuffer(4 * own.length),
      items: new SharedArrayBuffer(4 * own.length),
      ratings: new SharedArrayBuffer(4 * own.length),
    };
    new Int32Array(part.users).set(own.map(([user]) => user));
    new Int32Array(part.items).set(own.map(([, item]) => item));
    new Float32Array(part.ratings).set(own.map(([, , rating]) => rating));
    return part;
  });
}

const defaults: AlsSettings = {
  rank: 10,
  maxIter: 10,
  regParam: 0.1,
  implicitPrefs: false,
  alpha: 1,
  nonnegative: false,
  seed: 0,
  numUserBlocks: 10,
  numItemBlocks: 10,
};
const train = (rows: readonly (readonly number[])[], settings: Partial<AlsSettings>, n = 1) =>
  trainAls(
    parts(rows, n),
    { ...defaults, ...settings },
    {
      open: (request) => pool.openPasses(request),
      pieces: 4,
      onIteration: () => undefined,
    },
  );

function compare(actual: FactorTable, expected: Factors, tolerance: GoldenCase["tolerance"]): void {
  expect(actual.ids.length).toBe(expected.numRows);
  expected.rows.forEach(([id, features], i) => {
    expect(actual.ids[i]).toBe(id);
    features.forEach((value, f) => {
      const error = Math.abs(actual.values[i * actual.rank + f] - value);
      expect(error).toBeLessThanOrEqual(tolerance.absolute + tolerance.relative * Math.abs(value));
    });
  });
}

describe("trainAls gives Spark's factors", () => {
  for (const n of [1, 3]) {
    it.each(cases.map((golden) => [golden.id, golden] as const))(`%s (${n} partitions)`, async (_, golden) => {
      const { users, items } = await train(ratingsOf(golden), golden.params, n);
      compare(users, golden.expect.model.userFactors, golden.tolerance);
      compare(items, golden.expect.model.itemFactors, golden.tolerance);
    });
  }
});

describe("trainAls", () => {
  it("numbers ids that lie far apart", async () => {
    const far = [-2147483648, -5, 0, 7, 2147483647];
    const rows = far.flatMap((user, u) => far.map((item, i) => [user, item, ((u * i) % 5) + 1]));
    const near = rows.map(([user, item, rating]) => [far.indexOf(user) * 10, far.indexOf(item) * 10, rating]);
    const one = { numUserBlocks: 1, numItemBlocks: 1, rank: 3, seed: 5 };
    const [a, b] = [await train(rows, one), await train(near, one)];
    expect([...a.users.ids]).toEqual(far);
    expect(a.users.values).toEqual(b.users.values);
    expect(a.items.values).toEqual(b.items.values);
  });

  it("says so when there are no ratings", async () => {
    await expect(train([], {})).rejects.toThrow("requirement failed: No ratings available");
  });

  it("names the singular minor when nothing regularises", async () => {
    const rows = [
      [1, 1, 1],
      [2, 2, 2],
    ];
    await expect(train(rows, { regParam: 0, rank: 2 })).rejects.toThrow(/dppsv returned 2 because A is not positive/);
  });
});
