import { closeSync, existsSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { F, SparkSession } from "../../src/index.js";

/**
 * `npm run bench:large-files`: reads a CSV file of more than 2 GiB, and caches, sorts and counts a column that holds more than
 * 2^31 bytes of strings, with `spark.executor.memory=512m`; every number is compared with what was written.
 */
const ROWS = 2_300_000;
const TEXT_BYTES = 1000;

const directory = join(tmpdir(), "kindling-bench-memory");
mkdirSync(directory, { recursive: true });
const path = join(directory, "large.csv");

if (!existsSync(path) || statSync(path).size < ROWS * TEXT_BYTES) {
  const file = openSync(path, "w");
  writeSync(file, "id,text\n");
  const CHUNK = 10_000;
  for (let at = 0; at < ROWS; at += CHUNK) {
    const lines = Array.from(
      { length: CHUNK },
      (_, i) => `${at + i},${String(at + i).padStart(TEXT_BYTES, "text ")}\n`,
    );
    writeSync(file, lines.join(""));
  }
  closeSync(file);
}

await using spark = SparkSession.builder
  .master("local[2]")
  .config("spark.executor.memory", "512m")
  .config("spark.ui.showConsoleProgress", false)
  .create();

const check = (what: string, found: unknown, expected: unknown): void => {
  if (String(found) !== String(expected)) throw new Error(`${what}: ${String(found)} instead of ${String(expected)}`);
  console.log(`${what}: ${String(found).slice(-24)}`);
};

const csv = spark.read.schema("id LONG, text STRING").option("header", true).csv(path);
console.log(`${(statSync(path).size / 2 ** 30).toFixed(2)} GiB of CSV`);
const characters = F.sum(F.length("text")).as("characters");
const totals = csv.agg(F.count("*").as("rows"), F.sum("id").as("ids"), characters);
const [sums] = (await totals.collect()).map((row) => row.asDict());
check("rows", sums.rows, ROWS);
check("sum of ids", sums.ids, (ROWS * (ROWS - 1)) / 2);
check("characters", sums.characters, ROWS * TEXT_BYTES);

const one = csv.coalesce(1).persist();
check("rows cached in one partition", await one.count(), ROWS);
const last = await one.orderBy(F.desc("text")).select("id").first();
const largest = one.agg(F.max("text").as("text"), characters);
const [longest] = (await largest.collect()).map((row) => row.asDict());
check("last text", longest.text, String(last?.asDict().id).padStart(TEXT_BYTES, "text "));
check("characters in one partition", longest.characters, ROWS * TEXT_BYTES);
