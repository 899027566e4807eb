import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BloomFilter, CountMinSketch, FrequentItems } from "../../src/common/index.js";

interface Recorded {
  readonly rows: readonly unknown[];
  readonly partitions: number;
  readonly support: number;
  readonly items: readonly unknown[];
}
/** Written by Spark 4.3.0 (`org.apache.spark.util.sketch`, `DataFrame.stat.freqItems`); NaN is null. */
const golden = JSON.parse(readFileSync(new URL("sketches.golden.json", import.meta.url), "utf8")) as {
  readonly frequentItems: Readonly<Record<string, Recorded>>;
  readonly countMinSketch: string;
  readonly bloomFilter: string;
};
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

describe("BloomFilter", () => {
  const filter = BloomFilter.create(50, { fpp: 0.01 });
  for (const text of ["a", "b", "한글"]) filter.putString(text);
  for (const number of [1, -1, 2 ** 40]) filter.putLong(number);

  it("has Spark's bytes, and reads them", () => {
    expect(hex(filter.toByteArray())).toBe(golden.bloomFilter);
    const read = BloomFilter.readFrom(Buffer.from(golden.bloomFilter, "hex"));
    expect([read.mightContain("한글"), read.mightContain(-1n), read.mightContain("c")]).toEqual([true, true, false]);
    expect(read.expectedFpp()).toBeCloseTo(1.7763568394002505e-8, 20);
  });

  it("merges", () => {
    const other = BloomFilter.create(50, { fpp: 0.01 });
    expect(other.putString("z")).toBe(true);
    expect(other.putString("z")).toBe(false);
    expect(filter.mergeInPlace(other).mightContain("z")).toBe(true);
    expect(() => filter.mergeInPlace(BloomFilter.create(5000))).toThrow(/different shapes/);
  });
});

describe("CountMinSketch", () => {
  it("has Spark's bytes, and reads them", () => {
    const sketch = CountMinSketch.create({ eps: 0.05, confidence: 0.9, seed: 42 });
    for (let i = 0; i < 1000; i++) sketch.add((i * i) % 97);
    for (const text of ["a", "b", "a"]) sketch.add(text);
    expect(hex(sketch.toByteArray())).toBe(golden.countMinSketch);
    expect([sketch.depth(), sketch.width(), sketch.totalCount()]).toEqual([4, 40, 1003]);
    expect([sketch.relativeError(), sketch.confidence()]).toEqual([0.05, 0.9]);
    const read = CountMinSketch.readFrom(sketch.toByteArray());
    expect(read.estimateCount(4)).toBe(sketch.estimateCount(4));
    expect(read.mergeInPlace(sketch).totalCount()).toBe(2006);
  });
});

describe("FrequentItems", () => {
  it.each(Object.entries(golden.frequentItems))(
    "gives Spark's %s in Spark's order",
    (kind, { rows, partitions, support, items }) => {
      const value = (row: unknown): unknown =>
        kind === "doubles" ? (row ?? Number.NaN) : kind === "longs" ? BigInt(row as number) : row;
      const total = new FrequentItems(Math.floor(1 / support));
      for (let p = 0; p < partitions; p++) {
        const part = new FrequentItems(Math.floor(1 / support));
        const [start, end] = [p, p + 1].map((at) => Math.floor((at * rows.length) / partitions));
        for (const row of rows.slice(start, end)) part.add(value(row));
        total.merge(part.items());
      }
      expect(total.items().map(([item]) => item)).toEqual(items.map(value));
    },
  );
});
