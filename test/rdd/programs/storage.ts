import { readdirSync } from "node:fs";
import { type SparkContext, StorageLevel } from "../../../src/index.js";
import { directory, type ProgramTable, range, value } from "./program.js";

const LEVELS = [
  "NONE",
  "DISK_ONLY",
  "DISK_ONLY_2",
  "DISK_ONLY_3",
  "MEMORY_ONLY",
  "MEMORY_ONLY_2",
  "MEMORY_ONLY_SER",
  "MEMORY_ONLY_SER_2",
  "MEMORY_AND_DISK",
  "MEMORY_AND_DISK_2",
  "MEMORY_AND_DISK_SER",
  "MEMORY_AND_DISK_SER_2",
  "OFF_HEAP",
] as const;

const cachedPartitions = (sc: SparkContext, id: number): number =>
  sc.getRDDStorageInfo().find((info) => info.id === id)?.numCachedPartitions ?? 0;

/** Persistence and checkpoints. */
export const storagePrograms: ProgramTable = {
  "storage-168": value(() =>
    LEVELS.map((name) => {
      const level = StorageLevel[name];
      const { useDisk, useMemory, useOffHeap, deserialized, replication } = level;
      return [name, { useDisk, useMemory, useOffHeap, deserialized, replication, text: level.toString() }];
    }),
  ),
  "storage-169": value(() => StorageLevel.fromString("NOPE")),
  "storage-171": value(({ sc }) =>
    sc
      .parallelize([1])
      .persist(StorageLevel.MEMORY_ONLY)
      .persist(StorageLevel.MEMORY_ONLY)
      .persist(StorageLevel.DISK_ONLY),
  ),
  "storage-172": value(async ({ sc }) => {
    const calls = sc.longAccumulator();
    const counted = async (cached: boolean): Promise<number> => {
      const before = calls.value;
      const rdd = sc.parallelize(range(0, 10), 2).map((x) => {
        calls.add(1);
        return x;
      });
      if (cached) rdd.cache();
      await rdd.count();
      await rdd.count();
      return Number(calls.value) - Number(before);
    };
    return { plain: await counted(false), cached: await counted(true) };
  }),
  "storage-173": value(async ({ sc }) => {
    const rdd = sc.parallelize(range(0, 10), 5).cache();
    await rdd.first();
    const afterFirst = cachedPartitions(sc, rdd.id());
    await rdd.count();
    const afterCount = cachedPartitions(sc, rdd.id());
    rdd.unpersist(true);
    return { afterFirst, afterCount, afterUnpersist: cachedPartitions(sc, rdd.id()) };
  }),
  "storage-174": value(({ sc }) =>
    Promise.all(
      [StorageLevel.DISK_ONLY, StorageLevel.MEMORY_ONLY_SER, StorageLevel.MEMORY_AND_DISK_2].map(async (level) => {
        const rdd = sc.parallelize(range(1, 101), 4).persist(level);
        await rdd.count();
        return rdd.sum();
      }),
    ),
  ),
  "storage-175": value(async ({ sc }) => {
    sc.setCheckpointDir(directory());
    const calls = sc.longAccumulator();
    const rdd = sc.parallelize([1, 2, 3, 4], 2).map((x) => {
      calls.add(1);
      return x + 1;
    });
    rdd.checkpoint();
    const before = rdd.isCheckpointed();
    await rdd.count();
    const after = rdd.isCheckpointed();
    const dependencies = (await rdd.dependencies()).map((d) => d.rdd.toString().replace(/\[\d+\].*$/, ""));
    return { before, after, dependencies, calls: calls.value, partitions: await rdd.glom().collect() };
  }),
  "storage-177": value(async ({ sc }) => {
    const rdd = sc.parallelize([1, 2, 3, 4], 2).map((x) => x + 1);
    rdd.localCheckpoint();
    await rdd.count();
    return {
      isCheckpointed: rdd.isCheckpointed(),
      level: rdd.getStorageLevel().toString(),
      sum: await rdd.sum(),
    };
  }),
  "storage-178": value(async ({ sc }) => {
    sc.setCheckpointDir(directory());
    const rdd = sc.parallelize(range(0, 6), 3).map((x) => x);
    rdd.checkpoint();
    await rdd.count();
    const path = rdd.getCheckpointFile()?.replace(/^file:/, "") ?? "";
    return readdirSync(path)
      .filter((name) => name.startsWith("part-"))
      .sort();
  }),
};
