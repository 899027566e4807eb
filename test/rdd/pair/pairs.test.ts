import { describe, expect, it } from "vitest";
import { HashPartitioner, Partitioner, type RDD } from "../../../src/index.js";
import { defaultPartitioner } from "../../../src/rdd/partitioners/default-partitioner.js";
import { testContext } from "../test-context.js";

const sc = testContext();
const pairs = <K, V>(entries: readonly (readonly [K, V])[], slices = 2): RDD<[K, V]> =>
  sc.parallelize<[K, V]>(entries as [K, V][], slices);
const sorted = <T>(values: readonly T[]): T[] =>
  [...values].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

describe("by key", () => {
  const kv = pairs([
    ["a", 1],
    ["b", 2],
    ["a", 3],
  ]);
  it("combines with three functions, and without map-side combining", async () => {
    const lists = (mapSide: boolean): Promise<[string, string][]> =>
      kv
        .combineByKey(
          (v) => `${v}`,
          (c, v) => `${c},${v}`,
          (a, b) => `${a};${b}`,
          undefined,
          undefined,
          mapSide,
        )
        .collect();
    expect(sorted(await lists(true))).toEqual([
      ["a", "1;3"],
      ["b", "2"],
    ]);
    expect(sorted(await lists(false))).toEqual([
      ["a", "1,3"],
      ["b", "2"],
    ]);
  });
  it("keys may be arrays, dates, bigints, null and NaN", async () => {
    const keys = [[1, "x"], new Date(5), 7n, null, Number.NaN, true];
    const twice = pairs(
      [...keys, ...keys].map((key): [unknown, number] => [key, 1]),
      3,
    );
    const counts = await twice.reduceByKey((a, b) => a + b, 4).collect();
    expect(counts.map(([, count]) => count)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(await twice.lookup([1, "x"])).toEqual([1, 1]);
    expect(await twice.lookup(Number.NaN)).toEqual([1, 1]);
  });
  it("each key folds from a zero of its own", async () => {
    const zero: number[] = [];
    const seen = await kv
      .aggregateByKey(
        zero,
        (all, v) => {
          all.push(v);
          return all;
        },
        (a, b) => a.concat(b),
      )
      .collect();
    expect(sorted(seen)).toEqual([
      ["a", [1, 3]],
      ["b", [2]],
    ]);
    expect(zero).toEqual([]);
  });
  it("does not move what is partitioned already", async () => {
    const placed = kv.partitionBy(3);
    const reduced = placed.reduceByKey((a, b) => a + b);
    expect((await reduced.dependencies()).map(({ name }) => name)).toEqual(["OneToOneDependency"]);
    expect(sorted(await reduced.collect())).toEqual([
      ["a", 4],
      ["b", 2],
    ]);
    expect(await placed.mapValues((v) => v).partitioner()).toEqual(new HashPartitioner(3));
    expect(await placed.map((p) => p).partitioner()).toBeUndefined();
  });
  it("brings small results to the driver", async () => {
    expect(await kv.countByKey()).toEqual(
      new Map([
        ["a", 2],
        ["b", 1],
      ]),
    );
    expect(await kv.collectAsMap()).toEqual(
      new Map([
        ["a", 3],
        ["b", 2],
      ]),
    );
  });
});

describe("several RDDs", () => {
  const left = pairs([
    [1, "l1"],
    [2, "l2"],
  ]);
  it("are grouped up to four at a time", async () => {
    const two = pairs([[1, 10]]);
    const grouped = await left.cogroup(two, pairs([[3, true]]), pairs([[1, null]]), 2).collect();
    expect(sorted(grouped)).toEqual([
      [1, [["l1"], [10], [], [null]]],
      [2, [["l2"], [], [], []]],
      [3, [[], [], [true], []]],
    ]);
  });
  it("are joined on every side", async () => {
    const right = pairs([
      [2, "r2"],
      [3, "r3"],
    ]);
    expect(await left.join(right).collect()).toEqual([[2, ["l2", "r2"]]]);
    expect(sorted(await left.leftOuterJoin(right).collect())).toEqual([
      [1, ["l1", null]],
      [2, ["l2", "r2"]],
    ]);
    expect(sorted(await left.rightOuterJoin(right).collect())).toEqual([
      [2, ["l2", "r2"]],
      [3, [null, "r3"]],
    ]);
    expect(await left.fullOuterJoin(right).count()).toBe(3);
  });
  it("are sets", async () => {
    const a = sc.parallelize([1, 2, 2, 3, 5], 3);
    const b = sc.parallelize([2, 3, 3, 4], 2);
    expect((await a.intersection(b).collect()).sort()).toEqual([2, 3]);
    expect((await a.subtract(b).collect()).sort()).toEqual([1, 5]);
    expect((await a.distinct(2).collect()).sort()).toEqual([1, 2, 3, 5]);
  });
});

describe("partitioners", () => {
  it("a function's own result decides, modulo the number of partitions", async () => {
    const placed = pairs(
      [0, 1, 2, 3, 4].map((i) => [i, i] as const),
      1,
    ).partitionBy(3, (key: number) => -key);
    expect(await placed.keys().glom().collect()).toEqual([[0, 3], [2], [1, 4]]);
  });
  it("may be of a class of one's own", async () => {
    class FirstLetter extends Partitioner {
      readonly numPartitions = 3;
      constructor(private readonly letters: string) {
        super();
      }
      getPartition(key: string): number {
        return this.letters.indexOf(key[0]);
      }
    }
    const kv = pairs(
      ["banana", "apple", "cherry", "avocado"].map((w, i) => [w, i] as const),
      2,
    );
    const own = new FirstLetter("abc");
    const placed = kv.partitionBy(own);
    expect(await placed.keys().glom().collect()).toEqual([["apple", "avocado"], ["banana"], ["cherry"]]);
    expect((await placed.reduceByKey((a, b) => a + b, own).dependencies())[0].name).toBe("OneToOneDependency");
    await expect(kv.partitionBy(new FirstLetter("ab")).count()).rejects.toThrow(
      /put the key cherry into partition -1; it has the partitions 0 to 2/,
    );
  });
  it("Spark's default keeps a partitioner that is large enough", () => {
    const hashed = (n: number): Partitioner => new HashPartitioner(n);
    const input = (numPartitions: number, partitioner?: Partitioner): Parameters<typeof defaultPartitioner>[0][0] => ({
      numPartitions,
      partitioner,
    });
    expect(defaultPartitioner([input(4), input(7)], undefined)).toEqual(hashed(7));
    expect(defaultPartitioner([input(4), input(7)], 3)).toEqual(hashed(3));
    expect(defaultPartitioner([input(2, hashed(2)), input(19)], undefined)).toEqual(hashed(2));
    expect(defaultPartitioner([input(2, hashed(2)), input(20)], undefined)).toEqual(hashed(20));
    expect(defaultPartitioner([input(2, hashed(2)), input(20)], 2)).toEqual(hashed(2));
  });
  it("refuse what is no number of partitions", () => {
    expect(() => sc.parallelize([1]).repartition(0)).toThrow(/must be positive/);
    expect(() => pairs([[1, 1]]).reduceByKey((a) => a, -1)).toThrow(/cannot be negative/);
  });
});
