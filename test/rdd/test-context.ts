import { afterAll } from "vitest";
import { SparkConf, SparkContext } from "../../src/index.js";

/** A context of two workers (or on `KINDLING_TEST_MASTER`) for one test file, stopped when its tests are over. */
export function testContext(settings: Readonly<Record<string, string>> = {}): SparkContext {
  const conf = new SparkConf()
    .setMaster(process.env.KINDLING_TEST_MASTER ?? "local[2]")
    .setAppName("test")
    .set("spark.ui.showConsoleProgress", "false");
  for (const [key, value] of Object.entries(settings)) conf.set(key, value);
  const context = new SparkContext(conf);
  afterAll(() => context.stop());
  return context;
}
