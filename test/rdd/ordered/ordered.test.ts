import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { determineBounds, rangeOf } from "../../../src/rdd/partitioners/range-bounds.js";
import { testContext } from "../test-context.js";

const sc = testContext();

describe("sorting", () => {
  it("is stable, and by any key", async () => {
    const words = ["pear", "fig", "apple", "kiwi", "plum", "date", "nut"];
    const byLength = await sc
      .parallelize(words, 3)
      .sortBy((w) => w.length, true, 2)
      .collect();
    expect(byLength).toEqual(["fig", "nut", "pear", "kiwi", "plum", "date", "apple"]);
    const pairs = words.map((w, i): [string, number] => [w, i]);
    const byLast = await sc
      .parallelize(pairs, 2)
      .sortByKey(false, 2, (w) => w.slice(-1))
      .keys()
      .collect();
    expect(byLast).toEqual(["nut", "pear", "plum", "kiwi", "fig", "apple", "date"]);
  });
  it("puts -0 before 0 and NaN last", async () => {
    const sorted = await sc
      .parallelize([Number.NaN, 1, 0, -0, -1], 2)
      .sortBy((x) => x, true, 1)
      .collect();
    expect(sorted).toEqual([-1, -0, 0, 1, Number.NaN]);
  });
  it("agrees with an array's own sort for any numbers and partitions", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -50, max: 50 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        async (numbers, partitions, ascending) => {
          const sorted = await sc
            .parallelize(numbers, 3)
            .sortBy((x) => x, ascending, partitions)
            .collect();
          expect(sorted).toEqual([...numbers].sort((a, b) => (ascending ? a - b : b - a)));
        },
      ),
      { numRuns: 15, seed: 4 },
    );
  });
  it("repartitions and sorts in one go", async () => {
    const pairs = [5, 2, 9, 4, 7].map((k): [number, string] => [k, `v${k}`]);
    const sorted = sc.parallelize(pairs, 2).repartitionAndSortWithinPartitions(2, (k: number) => k % 2, false);
    expect(await sorted.keys().glom().collect()).toEqual([
      [4, 2],
      [9, 7, 5],
    ]);
  });
});

describe("a range of keys", () => {
  it("is read from the partitions that can have some", async () => {
    const pairs = Array.from({ length: 40 }, (_, i): [number, number] => [(i * 7) % 40, i]);
    const rdd = sc.parallelize(pairs, 4);
    const plain = await rdd.filterByRange(10, 12).keys().collect();
    expect(plain.sort((a, b) => a - b)).toEqual([10, 11, 12]);
    for (const ascending of [true, false]) {
      const pruned = rdd.sortByKey(ascending, 8).filterByRange(10, 12);
      expect(await pruned.getNumPartitions()).toBeLessThan(3);
      expect((await pruned.keys().collect()).sort((a, b) => a - b)).toEqual([10, 11, 12]);
    }
  });
});

describe("the ends of an order", () => {
  it("keep the first of equal elements", async () => {
    const rdd = sc.parallelize(["bb", "aa", "c", "dd", "e"], 2);
    expect(await rdd.takeOrdered(2, (w) => w.length)).toEqual(["c", "e"]);
    expect(await rdd.top(2, (w) => w.length)).toEqual(["bb", "aa"]);
    expect(await rdd.takeOrdered(0)).toEqual([]);
  });
  it("are found among many", async () => {
    const rdd = sc.parallelize(
      Array.from({ length: 5000 }, (_, i) => (i * 7919) % 5000),
      4,
    );
    expect(await rdd.takeOrdered(3)).toEqual([0, 1, 2]);
    expect(await rdd.top(3)).toEqual([4999, 4998, 4997]);
  });
});

describe("range bounds", () => {
  const compare = (a: number, b: number): number => a - b;
  it("ascend, number at most one less than the partitions, and place keys in order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ key: fc.integer({ min: 0, max: 30 }), weight: fc.integer({ min: 1, max: 9 }) }), {
          minLength: 1,
        }),
        fc.integer({ min: 1, max: 10 }),
        (candidates, partitions) => {
          const bounds = determineBounds(candidates, partitions, compare);
          expect(bounds.length).toBeLessThan(partitions);
          expect(bounds).toEqual([...new Set(bounds)].sort(compare));
          const places = candidates
            .map(({ key }) => key)
            .sort(compare)
            .map((key) => rangeOf(key, bounds, compare));
          expect(places).toEqual([...places].sort(compare));
        },
      ),
    );
  });
});
