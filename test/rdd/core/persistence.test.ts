import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { StorageLevel } from "../../../src/storage/index.js";
import { testContext } from "../test-context.js";

const sc = testContext();
const directory = mkdtempSync(join(tmpdir(), "kindling-checkpoint-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** An RDD of 1 to 10 and the number of elements that were computed of it. */
function counted() {
  const computed = sc.longAccumulator();
  const rdd = sc.range(1, 11, 1, 5).map((x) => {
    computed.add(1);
    return x;
  });
  return { rdd, computed };
}

describe("persist", () => {
  test("computes each partition once, when it is first needed, until unpersist", async () => {
    const { rdd, computed } = counted();
    rdd.cache();
    expect(await rdd.first()).toBe(1);
    expect(computed.value).toBe(2);
    expect(sc.getRDDStorageInfo().find((info) => info.id === rdd.id())?.numCachedPartitions).toBe(1);
    expect(await rdd.count()).toBe(10);
    expect(await rdd.sum()).toBe(55);
    expect(computed.value).toBe(10);
    rdd.unpersist();
    expect(sc.getRDDStorageInfo().some((info) => info.id === rdd.id())).toBe(false);
    expect(await rdd.count()).toBe(10);
    expect(computed.value).toBe(20);
    rdd.persist(StorageLevel.DISK_ONLY);
    expect([await rdd.sum(), await rdd.sum()]).toEqual([55, 55]);
    expect(computed.value).toBe(30);
  });

  test.each(["DISK_ONLY", "MEMORY_ONLY_SER", "MEMORY_AND_DISK_2", "OFF_HEAP"])(
    "%s gives the same elements",
    async (name) => {
      const level = StorageLevel.fromString(name);
      const rdd = sc.parallelize(["a", null, [1, "b"], { c: 2 }], 2).persist(level);
      const first = await rdd.collect();
      expect(await rdd.collect()).toEqual(first);
      expect(first).toEqual(["a", null, [1, "b"], { c: 2 }]);
    },
  );

  test("the level cannot be changed", () => {
    const rdd = sc.parallelize([1]).persist(StorageLevel.MEMORY_ONLY).persist(StorageLevel.MEMORY_ONLY);
    expect(() => rdd.persist(StorageLevel.DISK_ONLY)).toThrow(
      expect.objectContaining({ condition: "_LEGACY_ERROR_TEMP_3012" }),
    );
  });

  test("what a cached shuffle fed is not run again", async () => {
    const { rdd, computed } = counted();
    const sums = rdd
      .map((x): [number, number] => [x % 2, x])
      .reduceByKey((a, b) => a + b)
      .cache();
    await sums.count();
    await sums.cleanShuffleDependencies();
    expect((await sums.collect()).sort()).toEqual([
      [0, 30],
      [1, 25],
    ]);
    expect(computed.value).toBe(10);
  });
});

describe("checkpoint", () => {
  test("needs a directory", () => {
    expect(() => sc.parallelize([1]).checkpoint()).toThrow(/Checkpoint directory has not been set/);
  });

  test("cuts the lineage when a job ran, and writes a file a partition", async () => {
    sc.setCheckpointDir(directory);
    const { rdd, computed } = counted();
    rdd.checkpoint();
    expect([rdd.isCheckpointed(), rdd.getCheckpointFile()]).toEqual([false, undefined]);
    await rdd.count();
    expect(computed.value).toBe(20);
    expect(rdd.isCheckpointed()).toBe(true);
    const [{ rdd: parent }] = await rdd.dependencies();
    expect(String(parent)).toMatch(/^ReliableCheckpointRDD/);
    const files = readdirSync(rdd.getCheckpointFile()!).filter((file) => !file.startsWith("."));
    expect(files.sort()).toEqual(["part-00000", "part-00001", "part-00002", "part-00003", "part-00004"]);
    expect(await rdd.glom().collect()).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
      [9, 10],
    ]);
    expect(computed.value).toBe(20);
  });

  test("a local one keeps the elements in the executors", async () => {
    const { rdd, computed } = counted();
    rdd.localCheckpoint();
    expect(await rdd.first()).toBe(1);
    expect(rdd.isCheckpointed()).toBe(true);
    expect(String(rdd.getStorageLevel())).toBe("Disk Memory Deserialized 1x Replicated");
    expect(await rdd.sum()).toBe(55);
    expect(computed.value).toBe(10);
    rdd.unpersist();
    await expect(rdd.sum()).rejects.toMatchObject({ condition: "CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND" });
  });
});
