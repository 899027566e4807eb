import { afterAll } from "vitest";
import { SparkSession } from "../../src/index.js";

/** A session of two workers for one test file, stopped when its tests are over. */
export function testSession(): SparkSession {
  const spark = SparkSession.builder
    .master("local[2]")
    .appName("test")
    .config("spark.sql.session.timeZone", "UTC")
    .config("spark.ui.showConsoleProgress", false)
    .create();
  afterAll(() => spark.stop());
  return spark;
}
