import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { SparkException, SparkSession, StorageLevel, type DataFrame } from "../../../src/index.js";

const MB = 2 ** 20;
const local = mkdtempSync(join(tmpdir(), "kindling-cache-"));

/** A session whose tasks and blocks share 16 MiB. */
const spark = SparkSession.builder
  .master("local[2]")
  .config("spark.sql.session.timeZone", "UTC")
  .config("spark.ui.showConsoleProgress", false)
  .config("spark.testing.reservedMemory", "0")
  .config("spark.executor.memory", "32m")
  .config("spark.memory.fraction", "0.5")
  .config("spark.local.dir", local)
  .create();
const { blocks } = spark.state.engine;
afterEach(() => spark.clearCache());
afterAll(async () => {
  await spark.stop();
  expect(readdirSync(local)).toEqual([]);
  rmSync(local, { recursive: true });
});

const ROWS = 1_000_000;
/** 8 MB a column, four partitions. */
const table = (seed: number): DataFrame =>
  spark.range(0, ROWS, 1, 4).selectExpr("id", `id * ${seed} + 0.5D x`, "cast(id % 1000 as string) s");
const sums = async (df: DataFrame): Promise<string> =>
  String((await df.selectExpr("id", "x", "s").groupBy().agg({ id: "sum", x: "sum", s: "count" }).collect())[0]);
const storage = () =>
  blocks.storageInfo().map(({ cachedPartitions, memoryBytes, diskBytes }) => ({
    cachedPartitions,
    memory: memoryBytes > 0,
    disk: diskBytes > 0,
  }));
const nothingLeft = async (): Promise<void> => {
  expect(await blocks.leaks()).toEqual({ bytes: 0, blocks: 0, files: [], openFiles: [] });
};

describe("cached rows", () => {
  test("stay in memory while there is room", async () => {
    const small = spark.range(0, 1000, 1, 3).cache();
    expect(await small.count()).toBe(1000);
    expect(storage()).toEqual([{ cachedPartitions: 3, memory: true, disk: false }]);
    expect(small.isCached).toBe(true);
    expect(String(await small.storageLevel())).toBe("Disk Memory Deserialized 1x Replicated");
    await small.unpersist(true);
    expect(small.isCached).toBe(false);
    expect(await small.storageLevel()).toBe(StorageLevel.NONE);
    await nothingLeft();
  });

  test.each([
    ["MEMORY_AND_DISK", { cachedPartitions: 4, memory: true, disk: true }],
    ["MEMORY_AND_DISK_SER", { cachedPartitions: 4, memory: true }],
    ["DISK_ONLY", { cachedPartitions: 4, memory: false, disk: true }],
    ["OFF_HEAP", { cachedPartitions: 4, disk: true }],
    ["MEMORY_ONLY", { memory: true, disk: false }],
    ["MEMORY_ONLY_SER", { memory: true, disk: false }],
    ["MEMORY_ONLY_2", { memory: true, disk: false }],
  ])("give the same rows at %s", async (level, expected) => {
    const plain = await sums(table(3));
    const df = table(3).persist(level);
    expect(await sums(df)).toBe(plain);
    expect(storage()[0]).toMatchObject(expected);
    expect(await sums(df)).toBe(plain);
    expect(await df.filter("id = 777777").select("x", "s").collect()).toHaveLength(1);
    expect(blocks.memoryUse().peak).toBeLessThanOrEqual(16 * MB);
    await df.unpersist();
    await nothingLeft();
  });

  test("that may lie in memory only and have no room are computed where they are needed", async () => {
    const df = table(7).persist(StorageLevel.MEMORY_ONLY);
    const plain = await sums(table(7));
    expect(await sums(df)).toBe(plain);
    expect(storage()[0].cachedPartitions).toBeLessThan(4);
    expect(await sums(df)).toBe(plain);
    // Random numbers depend on the partition's number, which stays what it was.
    const random = spark.range(0, 400_000, 1, 4).selectExpr("id", "rand(5) x", "rand(6) y", "rand(7) z");
    const sumOfX = async (df: DataFrame): Promise<number> =>
      Number(/=([\d.]+)/.exec(String((await df.groupBy().agg({ x: "sum" }).collect())[0]))![1]);
    const expected = await sumOfX(random);
    random.persist("MEMORY_ONLY");
    for (let i = 0; i < 2; i++) expect((await sumOfX(random.union(random))) / 2).toBeCloseTo(expected, 6);
  });

  test("make room for other cached rows, least recently used first", async () => {
    const first = spark.range(0, 600_000, 1, 2).selectExpr("id", "id * 2 x").cache();
    expect(await first.count()).toBe(600_000);
    expect(storage()).toEqual([{ cachedPartitions: 2, memory: true, disk: false }]);
    const second = spark.range(0, 600_000, 1, 2).selectExpr("id", "id * 3 x").cache();
    expect(await second.count()).toBe(600_000);
    const [one, two] = storage();
    expect(one.disk).toBe(true);
    expect(two.memory).toBe(true);
    const total = await first.groupBy().agg({ x: "sum" }).collect();
    expect(String(total[0])).toBe("Row(sum(x)=359999400000)");
    await Promise.all([first.unpersist(), second.unpersist()]);
    await nothingLeft();
  });

  test("make room for execution, down to the floor", async () => {
    const cached = spark.range(0, 800_000, 1, 2).selectExpr("id", "id * 2 x").cache();
    await cached.count();
    const before = blocks.memoryUse().storage;
    expect(before).toBeGreaterThan(8 * MB);
    const sorted = spark.range(0, 400_000, 1, 2).selectExpr("id * 7919 % 400009 k", "id").orderBy("k");
    expect(await sorted.limit(1).collect()).toHaveLength(1);
    expect(await sorted.groupBy("k").count().count()).toBe(400_000);
    expect(storage()[0].disk).toBe(true);
    expect(String((await cached.groupBy().agg({ x: "sum" }).collect())[0])).toBe("Row(sum(x)=639999200000)");
    await cached.unpersist();
    await nothingLeft();
  });

  test("whose file is damaged or gone are computed again", async () => {
    const df = table(11).persist("DISK_ONLY");
    const plain = await sums(df);
    for (const harm of [
      (path: string) => rmSync(path),
      (path: string) => truncateSync(path, 1000),
      (path: string) => writeFileSync(path, Buffer.alloc(4 * MB)),
    ]) {
      harm(join(blocks.spill.path, blocks.spill.files()[0]));
      expect(await sums(df)).toBe(plain);
      expect(storage()[0].cachedPartitions).toBe(4);
    }
    await df.unpersist();
    await nothingLeft();
  });

  test("can be given up while an action reads them", async () => {
    const df = table(13).persist("DISK_ONLY");
    const plain = await sums(df);
    const reading = sums(df);
    await df.unpersist();
    expect(await reading).toBe(plain);
    await nothingLeft();
  });

  test("of one plan serve every DataFrame with that plan, and keep the level they have", async () => {
    const df = spark.range(100).persist("DISK_ONLY");
    expect(await spark.range(100).count()).toBe(100);
    expect(String(await spark.range(100).storageLevel())).toBe("Disk Serialized 1x Replicated");
    df.persist("MEMORY_ONLY");
    expect(String(await df.storageLevel())).toBe("Disk Serialized 1x Replicated");
    expect(() => df.persist("NOPE")).toThrow("Invalid StorageLevel: NOPE");
    spark.clearCache();
    expect(await df.storageLevel()).toBe(StorageLevel.NONE);
  });

  test("go when nobody can name their plan any more", async () => {
    await (async () => {
      expect(await spark.range(0, 1000).selectExpr("id + 1 one").cache().count()).toBe(1000);
    })();
    for (let i = 0; i < 50 && blocks.storageInfo().length > 0; i++) await blocks.leaks();
    expect(blocks.storageInfo()).toEqual([]);
    await nothingLeft();
  });
});

describe("checkpoints", () => {
  test("need a directory", async () => {
    await expect(spark.range(3).checkpoint()).rejects.toThrow(/Checkpoint directory has not been set/);
  });

  test("take the place of the plan, in files that survive", async () => {
    const directory = join(local, "checkpoints");
    blocks.setCheckpointDirectory(directory);
    const df = table(17);
    const plain = await sums(df);
    const cut = await df.checkpoint();
    expect(await sums(cut)).toBe(plain);
    const [uuid] = readdirSync(directory);
    const [rdd] = readdirSync(join(directory, uuid));
    expect(rdd).toMatch(/^rdd-\d+$/);
    const parts = readdirSync(join(directory, uuid, rdd)).filter((name) => !name.startsWith("."));
    expect(parts).toEqual(["part-00000", "part-00001", "part-00002", "part-00003"]);
    const lazy = await spark.range(10).checkpoint(false);
    expect(readdirSync(join(directory, uuid))).toHaveLength(1);
    expect(await lazy.count()).toBe(10);
    expect(readdirSync(join(directory, uuid))).toHaveLength(2);
    await nothingLeft();
    rmSync(join(directory, uuid, rdd), { recursive: true });
    await expect(sums(cut)).rejects.toThrow(SparkException);
    rmSync(directory, { recursive: true });
  });

  test("that are local lie in storage until nobody reads them", async () => {
    let cut: DataFrame | undefined = await table(19).localCheckpoint();
    const plain = await sums(table(19));
    expect(await sums(cut)).toBe(plain);
    expect(storage()[0].cachedPartitions).toBe(4);
    const derived = cut.filter("id < 10");
    cut = undefined;
    await blocks.leaks();
    expect(await derived.count()).toBe(10);
    rmSync(join(blocks.spill.path, blocks.spill.files()[0]));
    await expect(derived.collect().then(() => sums(derived))).rejects.toThrow(/CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND/);
  });
});
