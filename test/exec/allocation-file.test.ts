import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { parseMaster, SparkConf } from "../../src/common/index.js";
import { schedulerOptions } from "../../src/exec/index.js";

const folder = mkdtempSync(join(tmpdir(), "pools-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("reads the pools of FAIR mode from a file in the format of fairscheduler.xml", () => {
  const path = join(folder, "fairscheduler.xml");
  writeFileSync(
    path,
    `<?xml version="1.0"?>
     <allocations>
       <!-- <pool name="off"/> -->
       <pool name="production"><schedulingMode>FAIR</schedulingMode><weight>2</weight><minShare>3</minShare></pool>
       <pool name="test"><weight>x</weight></pool>
       <pool name="bare"/>
     </allocations>`,
  );
  const conf = new SparkConf().set("spark.scheduler.mode", "FAIR").set("spark.scheduler.allocation.file", path);
  expect(schedulerOptions(conf, parseMaster("local[2]")).pools).toEqual([
    { name: "production", mode: "FAIR", weight: 2, minShare: 3 },
    { name: "test", mode: "FIFO", weight: 1, minShare: 0 },
    { name: "bare", mode: "FIFO", weight: 1, minShare: 0 },
  ]);
  conf.set("spark.scheduler.allocation.file", join(folder, "missing.xml"));
  expect(() => schedulerOptions(conf, parseMaster("local[2]"))).toThrow("spark.scheduler.allocation.file");
});

it("takes failures from the master and the rest from Spark's keys", () => {
  const conf = new SparkConf();
  expect(schedulerOptions(conf, parseMaster("local[2]"))).toMatchObject({ maxFailures: 1, maxLosses: 4, mode: "FIFO" });
  expect(schedulerOptions(conf, parseMaster("local[2,7]"))).toMatchObject({ maxFailures: 7, maxLosses: 7 });
  conf.set("spark.task.maxFailures", 5).set("spark.dynamicAllocation.enabled", true).set("spark.speculation", true);
  expect(schedulerOptions(conf, parseMaster("local-cluster[3,2,512]"))).toMatchObject({
    maxFailures: 5,
    heartbeatTimeout: 120_000,
    speculation: { interval: 100, multiplier: 3, quantile: 0.9, minTaskRuntime: 100 },
    allocation: { executors: 3, coresPerExecutor: 2, dynamic: { min: 0, max: 3, idleTimeout: 60_000 } },
  });
});
