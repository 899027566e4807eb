import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { crc32, gunzipSync, inflateSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { textSplits } from "../../../src/rdd/files/file-split.js";
import { linesOf } from "../../../src/rdd/files/line-reader.js";
import { testContext } from "../test-context.js";

const sc = testContext();
const root = mkdtempSync(join(tmpdir(), "kindling-files-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let next = 0;
const fresh = (): string => join(root, `out${next++}`);
const file = (content: string | Uint8Array, name = `file${next++}`): string => {
  const path = join(root, name);
  writeFileSync(path, content);
  return path;
};

describe("text", () => {
  it("is cut anywhere without losing or repeating a line", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "bc", "é", "\n", "\r", "\r\n", "😀"), { maxLength: 60 }),
        fc.integer({ min: 1, max: 12 }),
        (parts, splits) => {
          const text = parts.join("");
          const path = file(text, "cut");
          const size = Buffer.byteLength(text);
          const cut = textSplits([{ path, size }], splits, () => true).flatMap((split) => [...linesOf(split)]);
          const whole = text.split(/\r\n|\r|\n/);
          if (whole[whole.length - 1] === "") whole.pop();
          expect(cut).toEqual(whole);
        },
      ),
      { numRuns: 300 },
    );
  });
  it("has lines longer than any buffer", async () => {
    const long = "x".repeat(1_000_000);
    expect(await sc.textFile(file(`a\n${long}é\nb`), 1).collect()).toEqual(["a", `${long}é`, "b"]);
  });
  it("round-trips through plain and compressed files", async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `line ${i} ä`);
    for (const codec of [undefined, "GzipCodec", "org.apache.hadoop.io.compress.DefaultCodec"]) {
      const path = fresh();
      await sc.parallelize(lines, 3).saveAsTextFile(path, codec);
      const back = sc.textFile(path);
      expect(await back.count()).toBe(lines.length);
      expect((await back.collect()).sort()).toEqual([...lines].sort());
    }
  });
  it("compressed files are what other programs read", async () => {
    const gz = fresh();
    await sc.parallelize(["a", "b"], 1).saveAsTextFile(gz, "GzipCodec");
    expect(gunzipSync(readFileSync(join(gz, "part-00000.gz"))).toString()).toBe("a\nb\n");
    const deflate = fresh();
    await sc.parallelize(["a", "b"], 1).saveAsTextFile(deflate, "DefaultCodec");
    expect(inflateSync(readFileSync(join(deflate, "part-00000.deflate"))).toString()).toBe("a\nb\n");
  });
  it("reads gzip files of several members", async () => {
    const one = execFileSync("gzip", ["-c"], { input: "1\n2\n" });
    const path = file(Buffer.concat([one, execFileSync("gzip", ["-c"], { input: "3\n" })]), "members.gz");
    expect(await sc.textFile(path).collect()).toEqual(["1", "2", "3"]);
  });
  it("has a checksum for every 512 bytes", async () => {
    const path = fresh();
    await sc.parallelize(["x".repeat(1000), "y"], 1).saveAsTextFile(path);
    const data = readFileSync(join(path, "part-00000"));
    const sums = readFileSync(join(path, ".part-00000.crc"));
    expect(sums.subarray(0, 8)).toEqual(Buffer.from("crc\0\0\0\u0002\0", "latin1"));
    const wanted = [data.subarray(0, 512), data.subarray(512)].map((chunk) => crc32(chunk));
    expect([sums.readUInt32BE(8), sums.readUInt32BE(12), sums.length]).toEqual([...wanted, 16]);
  });
});

describe("writing", () => {
  it("leaves no part file when a task fails", async () => {
    const path = fresh();
    const failing = sc.parallelize([1, 2, 3, 4], 4).map((x) => {
      if (x === 4) throw new Error("four");
      return x;
    });
    await expect(failing.saveAsTextFile(path)).rejects.toThrow(/four/);
    expect(readdirSync(path)).toEqual([]);
  });
  it("refuses null lines and unknown codecs", async () => {
    await expect(sc.parallelize([null], 1).saveAsTextFile(fresh())).rejects.toThrow(/null rows/);
    await expect(sc.parallelize([1], 1).saveAsTextFile(fresh(), "LzoCodec")).rejects.toThrow(
      /LzoCodec is not supported/,
    );
  });
});

describe("objects", () => {
  it("come back as they were", async () => {
    const values = [1, "two", [3, null], new Date(4), { five: 5n }, new Map([["six", 6]]), undefined, -0];
    const path = fresh();
    await sc.parallelize<unknown>(values, 2).saveAsObjectFile(path);
    expect(await sc.objectFile(path).collect()).toEqual(values);
  });
  it("are found again where a file is cut", async () => {
    const path = fresh();
    const values = Array.from({ length: 20_000 }, (_, i) => `value number ${i}`);
    await sc.parallelize(values, 1).saveAsPickleFile(path, 100);
    const back = sc.pickleFile<string>(path, 5);
    expect(await back.getNumPartitions()).toBeGreaterThan(4);
    expect(await back.collect()).toEqual(values);
  });
});

describe("whole files", () => {
  it("are texts, bytes or records", async () => {
    const directory = join(root, "whole");
    mkdirSync(directory);
    writeFileSync(join(directory, "a"), "one\ntwo");
    writeFileSync(join(directory, "b.gz"), execFileSync("gzip", ["-c"], { input: "zipped" }));
    writeFileSync(join(directory, ".hidden"), "no");
    const texts = await sc.wholeTextFiles(directory).collect();
    expect(texts).toEqual([
      [`file:${directory}/a`, "one\ntwo"],
      [`file:${directory}/b.gz`, "zipped"],
    ]);
    const [first] = await sc.binaryFiles(join(directory, "a")).collect();
    expect([basename(first[0]), Buffer.from(first[1]).toString()]).toEqual(["a", "one\ntwo"]);
    const records = await sc.binaryRecords(file("aabbcc"), 2).collect();
    expect(records.map((record) => Buffer.from(record).toString())).toEqual(["aa", "bb", "cc"]);
    await expect(sc.binaryRecords(file("aabbc"), 2).collect()).rejects.toThrow(/ends inside the record at byte 4/);
  });
});
