import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { valueAt } from "../../src/columnar/index.js";
import { libsvmFormat } from "../../src/sources/index.js";
import { filesAt } from "./recorded.js";

let directory = "";
let path = "";
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "kindling-"));
  path = join(directory, "points.txt");
  await writeFile(path, "# points\n1 1:0.5 3:-2e3\n\n  -1 2:7\n0\n");
});
afterAll(() => rm(directory, { recursive: true }));

async function read(options: Record<string, string> = {}, maxBytes = 1 << 20): Promise<unknown[][]> {
  const files = filesAt(path);
  const schema = await libsvmFormat.inferSchema(files, options, "UTC");
  libsvmFormat.validate!(schema, options, false);
  const splits = await libsvmFormat.splits(files, options, maxBytes);
  const request = { splits, schema, columns: schema, filters: [], options, batchRows: 2, timeZone: "UTC" };
  const rows: unknown[][] = [];
  for await (const { numRows, columns } of libsvmFormat.read(request)) {
    for (let i = 0; i < numRows; i++) rows.push([valueAt(columns[0], i), JSON.stringify(valueAt(columns[1], i))]);
  }
  return rows;
}

describe("libsvm", () => {
  const sparse = [
    [1, '{"type":0,"size":3,"indices":[0,2],"values":[0.5,-2000]}'],
    [-1, '{"type":0,"size":3,"indices":[1],"values":[7]}'],
    [0, '{"type":0,"size":3,"indices":[],"values":[]}'],
  ];
  test("takes the size from the data, skips comments and blank lines", async () => {
    expect(await read()).toEqual(sparse);
    expect(await read({}, 7)).toEqual(sparse);
    const schema = await libsvmFormat.inferSchema(filesAt(path), {}, "UTC");
    expect(schema.field("features").metadata).toEqual({ numFeatures: 3, ml_attr: { num_attrs: 3 } });
  });
  test("vectorType and numFeatures", async () => {
    expect((await read({ vectortype: "dense", numfeatures: "4" }))[0]).toEqual([
      1,
      '{"type":1,"values":[0.5,0,-2000,0]}',
    ]);
    await expect(read({ vectortype: "csr" })).rejects.toThrow("vectorType");
    await expect(read({ numfeatures: "2" })).rejects.toMatchObject({
      cause: { message: expect.stringContaining("out of bounds for vector of size 2") },
    });
  });
  test("indices must ascend", async () => {
    await writeFile(path, "1 2:1 1:1\n");
    await expect(read({ numfeatures: "4" })).rejects.toMatchObject({
      cause: { message: expect.stringContaining("found current=0, previous=1") },
    });
    await writeFile(path, "1 1:0.5 3:-2e3\n-1 2:7\n0\n");
  });
  test("writes what it reads", async () => {
    const files = filesAt(path);
    const schema = await libsvmFormat.inferSchema(files, {}, "UTC");
    const splits = await libsvmFormat.splits(files, {}, 1 << 20);
    const copy = join(directory, "copy.libsvm");
    const writer = await libsvmFormat.openWriter({ schema, options: {}, path: copy, timeZone: "UTC" });
    const request = { splits, schema, columns: schema, filters: [], options: {}, batchRows: 10, timeZone: "UTC" };
    for await (const batch of libsvmFormat.read(request)) await writer.write(batch);
    await writer.close();
    expect(await readFile(copy, "utf8")).toBe("1.0 1:0.5 3:-2000.0\n-1.0 2:7.0\n0.0\n");
  });
});
