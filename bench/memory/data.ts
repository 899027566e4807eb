import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { F, SparkSession } from "../../src/index.js";

const GIB = 2 ** 30;
/** Bytes of a row of the table (in memory and, uncompressed, in Parquet): two longs, a double, 96 bytes of text. */
const ROW_BYTES = 120;
const FEATURES = 20;

const session = (): SparkSession =>
  SparkSession.builder.master("local[2]").config("spark.ui.showConsoleProgress", false).create();

/** Makes a directory of data once; the marker says that it is complete. */
async function once(path: string, make: () => Promise<void>): Promise<string> {
  const marker = `${path}.done`;
  if (existsSync(marker)) return path;
  rmSync(path, { recursive: true, force: true });
  await make();
  writeFileSync(marker, "");
  return path;
}

export const bytesOf = (path: string): number =>
  readdirSync(path).reduce((n, name) => n + statSync(join(path, name)).size, 0);

/** Rows of (id, key, value, text) in several Parquet files; each key twice, in no order. */
export const tableData = (directory: string, gigabytes: number): Promise<string> => {
  const path = join(directory, `table-${gigabytes}`);
  return once(path, async () => {
    await using spark = session();
    const rows = Math.floor((gigabytes * GIB) / ROW_BYTES);
    const keys = Math.floor(rows / 2);
    // A prime factor: every key occurs twice, once in each half of the rows.
    const scrambled = F.col("id").mod(keys).multiply(48_271).mod(keys);
    await spark
      .range(0, rows, 1, Math.max(4, Math.round(8 * gigabytes)))
      .select(
        "id",
        scrambled.as("key"),
        F.col("id").multiply(0.5).as("value"),
        F.lpad(F.col("id").cast("string"), 96, "text ").as("text"),
      )
      .write.option("compression", "uncompressed")
      .option("parquet.block.size", 8 * 2 ** 20)
      .parquet(path);
  });
};

/** Rows of a label and features in several Parquet files. */
export const trainingData = (directory: string, gigabytes: number): Promise<string> => {
  const path = join(directory, `training-${gigabytes}`);
  return once(path, async () => {
    await using spark = session();
    const rows = Math.floor((gigabytes * GIB) / (8 * (FEATURES + 1)));
    const feature = (j: number) =>
      F.col("id")
        .multiply(48_271 + 2 * j)
        .mod(65_537)
        .divide(65_537)
        .as(`f${j}`);
    const columns = Array.from({ length: FEATURES }, (_, j) => feature(j));
    await spark
      .range(0, rows, 1, Math.max(4, Math.round(8 * gigabytes)))
      .select(F.col("id").multiply(48_271).mod(65_537).gt(30_000).cast("double").as("label"), ...columns)
      .write.option("compression", "uncompressed")
      .option("parquet.block.size", 8 * 2 ** 20)
      .parquet(path);
  });
};
