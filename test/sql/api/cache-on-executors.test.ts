import { execFileSync } from "node:child_process";
import { afterAll, expect, test } from "vitest";
import { SparkSession, type DataFrame } from "../../../src/index.js";

const spark = SparkSession.builder
  .master("local-cluster[2,1,512]")
  .config("spark.sql.session.timeZone", "UTC")
  .config("spark.ui.showConsoleProgress", false)
  .create();
const { blocks } = spark.state.engine;
const executors = new Set<string>();
spark.events.on((event) => {
  if (event.type === "executorAdded") executors.add(event.executor);
  if (event.type === "executorRemoved") executors.delete(event.executor);
});
afterAll(() => spark.stop());

const table = (): DataFrame => spark.range(0, 40_000, 1, 4).selectExpr("id", "id * 2 x", "cast(id as string) s");
const sums = async (df: DataFrame): Promise<string> =>
  String((await df.groupBy().agg({ x: "sum", s: "count" }).collect())[0]);
const locations = (): readonly (readonly string[])[] => {
  const [{ group }] = blocks.storageInfo();
  return [0, 1, 2, 3].map((partition) => blocks.locations(`${group}_${partition}`));
};
const processes = (): number[] =>
  execFileSync("pgrep", ["-P", String(process.pid), "-f", "executor.js"], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map(Number);
const plain = "Row(sum(x)=1599960000, count(s)=40000)";

test.each(["MEMORY_AND_DISK", "DISK_ONLY", "MEMORY_ONLY"])(
  "what a killed executor held at %s is computed again",
  async (level) => {
    const df = table().persist(level);
    expect(await sums(df)).toBe(plain);
    const holders = new Set(locations().flat());
    expect(holders).not.toContain("driver");
    for (const process_ of processes().slice(0, 1)) process.kill(process_, "SIGKILL");
    expect(await sums(df)).toBe(plain);
    expect(await sums(df)).toBe(plain);
    expect(blocks.storageInfo()[0].cachedPartitions).toBe(4);
    await df.unpersist();
    expect(blocks.storageInfo()).toEqual([]);
  },
  120_000,
);

test("replicated partitions survive the executor that made them", async () => {
  // Copies are made when a partition is stored, as far as there are executors then.
  await expect.poll(() => executors.size, { timeout: 60_000 }).toBe(2);
  const df = table().persist("MEMORY_AND_DISK_2");
  expect(await sums(df)).toBe(plain);
  await expect.poll(() => locations().every((held) => held.length === 2), { timeout: 60_000 }).toBe(true);
  process.kill(processes()[0], "SIGKILL");
  await expect.poll(() => executors.size, { timeout: 60_000 }).toBe(1);
  expect(locations().every((held) => held.length > 0)).toBe(true);
  expect(await sums(df)).toBe(plain);
  await df.unpersist();
}, 120_000);
