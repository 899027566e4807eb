import { statSync } from "node:fs";
import { csvFormat } from "../../src/sources/index.js";
import { StructType } from "../../src/sql/types/index.js";

/** Infers and reads one CSV file with a header on one thread: `npx tsx bench/sources/csv.ts FILE [nullValue]`. */
const [path, nullvalue = ""] = process.argv.slice(2);
const options = { header: "true", inferschema: "true", nullvalue };
const { size, mtimeMs } = statSync(path);
const files = [{ path, size, modified: mtimeMs, partitionValues: {} }];

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  let best = Infinity;
  let result: T;
  for (let run = 0; run < 3; run++) {
    const start = performance.now();
    result = await work();
    best = Math.min(best, performance.now() - start);
  }
  console.log(`${what}: ${best.toFixed(0)} ms, ${(size / 1e3 / best).toFixed(0)} MB/s`);
  return result!;
}

const schema = await timed("infer", () => csvFormat.inferSchema(files, options, "UTC"));
const splits = await csvFormat.splits(files, options, Infinity);
const read = async (columns: StructType): Promise<number> => {
  let rows = 0;
  const request = { splits, schema, columns, filters: [], options, batchRows: 16_384, timeZone: "UTC" };
  for await (const batch of csvFormat.read(request)) rows += batch.numRows;
  return rows;
};
const rows = await timed(`read ${schema.length} columns`, () => read(schema));
await timed("read 3 columns", () => read(new StructType(schema.fields.slice(0, 3))));
console.log(`${rows} rows`);
