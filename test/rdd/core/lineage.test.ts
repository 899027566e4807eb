import { describe, expect, test } from "vitest";
import { HashPartitioner } from "../../../src/index.js";
import { testContext } from "../test-context.js";

const sc = testContext();

describe("laziness", () => {
  test("take computes no more elements than it gives, over push and pull operators", async () => {
    const computed = sc.longAccumulator();
    const numbers = sc.parallelize([1, 2, 3, 4, 5, 6, 7, 8], 4).map((x) => {
      computed.add(1);
      return x;
    });
    await numbers.take(1);
    expect(computed.value).toBe(1);
    const pulled = numbers
      .filter((x) => x > 1)
      .mapPartitions(function* (elements) {
        for (const x of elements) yield x * 10;
      })
      .map((x) => x + 1);
    expect(await pulled.take(1)).toEqual([21]);
    expect(computed.value).toBe(3);
    expect(await numbers.flatMap((x) => [x, x]).take(3)).toEqual([1, 1, 2]);
    expect(computed.value).toBe(5);
  });

  test("an endless flatMap is cut off", async () => {
    const endless = sc.parallelize([1], 1).flatMap(function* (start: number) {
      for (let i = start; ; i++) yield i;
    });
    expect(await endless.take(3)).toEqual([1, 2, 3]);
    expect(await endless.mapPartitions((elements) => elements).take(2)).toEqual([1, 2]);
  });

  test("jobs on some partitions compute only those", async () => {
    const seen = sc.collectionAccumulator<number>();
    const rdd = sc.range(0, 10, 1, 5).map((x) => {
      seen.add(x);
      return x;
    });
    expect(await sc.runJob(rdd, (elements) => [[...elements].length], [1, 3])).toEqual([2, 2]);
    expect([...seen.value].sort()).toEqual([2, 3, 6, 7]);
  });
});

describe("lineage", () => {
  test("toDebugString indents at shuffles", async () => {
    const rdd = sc
      .parallelize([[1, 2]] as [number, number][], 1)
      .map((pair) => pair)
      .reduceByKey((a, b) => a + b)
      .filter(() => true);
    const lines = (await rdd.toDebugString()).split("\n").map((line) => line.replace(/\[\d+\].*$/, ""));
    expect(lines).toEqual([
      "(1) MapPartitionsRDD",
      " |  ShuffledRDD",
      " +-(1) MapPartitionsRDD",
      "    |  ParallelCollectionRDD",
    ]);
  });

  test("a shuffle runs once for all jobs that read it", async () => {
    const computed = sc.longAccumulator();
    const counts = sc
      .parallelize(["a", "b", "a"], 2)
      .map((word): [string, number] => {
        computed.add(1);
        return [word, 1];
      })
      .reduceByKey((a, b) => a + b);
    expect(await counts.count()).toBe(2);
    expect(await counts.mapValues((n) => n * 2).collectAsMap()).toEqual(
      new Map([
        ["a", 4],
        ["b", 2],
      ]),
    );
    expect(computed.value).toBe(3);
    await counts.cleanShuffleDependencies();
    expect(await counts.count()).toBe(2);
    expect(computed.value).toBe(6);
  });

  test("co-partitioned RDDs are joined and united without another shuffle", async () => {
    const pairs = sc
      .parallelize(
        [
          ["a", 1],
          ["b", 2],
        ] as [string, number][],
        2,
      )
      .partitionBy(new HashPartitioner(3));
    const joined = pairs.join(pairs.mapValues((v) => v * 10));
    expect(await joined.getNumPartitions()).toBe(3);
    expect((await joined.collect()).sort()).toEqual([
      ["a", [1, 10]],
      ["b", [2, 20]],
    ]);
    const united = pairs.union(pairs);
    expect(await united.getNumPartitions()).toBe(3);
    expect(await united.toDebugString()).toContain("PartitionerAwareUnionRDD");
  });

  test("a lineage of hundreds of RDDs", async () => {
    let rdd = sc.range(0, 4, 1, 2);
    for (let i = 0; i < 500; i++) rdd = rdd.map((x) => x + 1);
    expect(await rdd.collect()).toEqual([500, 501, 502, 503]);
  });

  test("an RDD inside another's function is refused where it is written", () => {
    const inner = sc.parallelize([1]);
    expect(() => sc.parallelize([1]).map(() => inner.count())).toThrow(
      expect.objectContaining({ condition: "_LEGACY_ERROR_TEMP_3011" }),
    );
  });

  test("the user's error keeps its message and says where", async () => {
    const failing = sc.parallelize([1, 2, 3], 3).map((x) => {
      if (x === 3) throw new RangeError("three");
      return x;
    });
    await expect(failing.collect()).rejects.toMatchObject({
      message: expect.stringMatching(/Task 2 in stage \d+ .*RangeError: three/),
      cause: { name: "RangeError", message: "three" },
    });
  });
});

describe("results", () => {
  const small = testContext({ "spark.driver.maxResultSize": "64k" });
  test("that are larger than spark.driver.maxResultSize fail the job", async () => {
    const rdd = small.range(0, 100_000, 1, 4).map((x) => x / 3);
    await expect(rdd.collect()).rejects.toThrow(/bigger than spark.driver.maxResultSize/);
    expect(await rdd.count()).toBe(100_000);
  });
});

describe("worked examples", () => {
  test("reduce by x * 2 + y depends on the partitions", async () => {
    const results = await Promise.all(
      [1, 2, 3, 4].map((partitions) => sc.parallelize([1, 2, 3, 4], partitions).reduce((x, y) => x * 2 + y)),
    );
    expect(results).toEqual([26, 18, 18, 26]);
  });
  test("fold uses the zero value once a partition and once on the driver", async () => {
    expect(await sc.parallelize([2, 3, 4], 4).fold(1, (a, b) => a + b)).toBe(14);
  });
  test("aggregate", async () => {
    const sumAndCount = await sc.parallelize([1, 2, 3, 4], 2).aggregate(
      [0, 0],
      ([sum, n], x) => [sum + x, n + 1],
      (a, b) => [a[0] + b[0], a[1] + b[1]],
    );
    expect(sumAndCount).toEqual([10, 4]);
  });
});
