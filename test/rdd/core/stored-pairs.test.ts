import { expect, test } from "vitest";
import { HashPartitioner, Partitioner, type RDD } from "../../../src/index.js";
import { testContext } from "../test-context.js";

const sc = testContext();
const ROWS = 60_000;

class ByLength extends Partitioner {
  override readonly numPartitions = 3;
  override getPartition(key: unknown): number {
    return String(key).length % 3;
  }
}

const contents: Readonly<Record<string, (i: number) => [unknown, unknown]>> = {
  "ints and doubles": (i) => [((i * 48271) % 1_000_003) - 500_000, i / 4],
  "texts and lists": (i) => [`key ${i % 1000} é`, Array.from({ length: i % 4 }, (_, k) => i + k)],
  "nulls on both sides": (i) => [i % 7 === 0 ? null : i % 1000, i % 5 === 0 ? null : `value ${i}`],
  "tuples as keys": (i) => [[i % 100, `k${i % 7}`], i % 3 === 0],
  "values of any kind": (i) => [i % 1000, i % 2 === 0 ? { i } : `some text of ${i}`],
};

/** Stored pairs are moved as columns, computed ones one by one. */
test.each(Object.entries(contents))("stored pairs go where computed ones go: %s", async (_, pairOf) => {
  const pairs = Array.from({ length: ROWS }, (__, i) => pairOf(i));
  const stored = sc.parallelize(pairs, 2);
  const computed = stored.map((pair) => pair);
  const cached = stored.map((pair) => pair).cache();
  for (const partitioner of [new HashPartitioner(5), new ByLength()]) {
    const partitions = (rdd: RDD<[unknown, unknown]>) => rdd.partitionBy(partitioner).glom().collect();
    const expected = await partitions(computed);
    expect(expected.flat().length).toBe(ROWS);
    expect(await partitions(stored)).toEqual(expected);
    expect(await partitions(cached)).toEqual(expected);
    const twice = stored.partitionBy(new HashPartitioner(2));
    expect(await partitions(twice)).toEqual(await partitions(twice.map((pair) => pair)));
  }
});
