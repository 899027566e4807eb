import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { f64Column } from "../../src/columnar/index.js";
import { parquetFormat } from "../../src/sources/index.js";
import { doubleType, StructField, StructType } from "../../src/sql/types/index.js";

/** Writes and reads 1M x 30 doubles on one thread: `npx tsx bench/sources/parquet.ts`. */
const ROWS = 1_000_000;
const COLUMNS = 30;
const BATCH = 65_536;
const directory = mkdtempSync(join(tmpdir(), "kindling-bench-"));
const schema = new StructType(Array.from({ length: COLUMNS }, (_, k) => new StructField(`c${k}`, doubleType)));
const megabytes = (ROWS * COLUMNS * 8) / 1e6;

function batch(numRows: number) {
  const columns = Array.from({ length: COLUMNS }, () => f64Column(Float64Array.from({ length: numRows }, Math.random)));
  return { numRows, columns };
}

async function write(path: string, compression: string): Promise<number> {
  const options = { compression };
  const writer = await parquetFormat.openWriter({ schema, options, path, timeZone: "UTC" });
  const piece = batch(BATCH);
  const start = performance.now();
  for (let rows = 0; rows < ROWS; rows += BATCH) await writer.write(piece);
  await writer.close();
  return performance.now() - start;
}

async function read(path: string): Promise<number> {
  const { size, mtimeMs } = statSync(path);
  const splits = await parquetFormat.splits([{ path, size, modified: mtimeMs, partitionValues: {} }], {}, Infinity);
  const request = { splits, schema, columns: schema, filters: [], options: {}, batchRows: BATCH, timeZone: "UTC" };
  const start = performance.now();
  let rows = 0;
  for await (const { numRows } of parquetFormat.read(request)) rows += numRows;
  if (rows < ROWS) throw new Error(`read ${rows} rows`);
  return performance.now() - start;
}

const rate = (ms: number): string => `${((megabytes / ms) * 1000).toFixed(0)} MB/s`;
for (const compression of ["none", "snappy"]) {
  const path = join(directory, `${compression}.parquet`);
  const writing = await write(path, compression);
  const reading = Math.min(await read(path), await read(path), await read(path));
  console.log(`${compression}: write ${rate(writing)}, read ${rate(reading)} (${reading.toFixed(0)} ms)`);
}
rmSync(directory, { recursive: true });
