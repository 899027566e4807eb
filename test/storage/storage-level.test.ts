import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { IllegalArgumentException } from "../../src/common/index.js";
import { StorageLevel } from "../../src/storage/index.js";

interface Recorded {
  readonly id: string;
  readonly result: readonly (readonly [string, Record<string, unknown>])[];
}

test("levels have the flags and texts of Spark's", () => {
  const texts = {
    NONE: "Serialized 1x Replicated",
    DISK_ONLY: "Disk Serialized 1x Replicated",
    DISK_ONLY_3: "Disk Serialized 3x Replicated",
    MEMORY_ONLY: "Memory Deserialized 1x Replicated",
    MEMORY_ONLY_SER_2: "Memory Serialized 2x Replicated",
    MEMORY_AND_DISK: "Disk Memory Deserialized 1x Replicated",
    OFF_HEAP: "Disk Memory (off heap) Serialized 1x Replicated",
  };
  for (const [name, text] of Object.entries(texts)) expect(String(StorageLevel.fromString(name))).toBe(text);
  const path = new URL("../../../shared/spark/rdd.jsonl", import.meta.url);
  let lines: string[] = [];
  try {
    lines = readFileSync(path, "utf8").trim().split("\n");
  } catch {
    // The recording lies beside the checkout, where there is one.
  }
  const recorded = lines.map((line) => JSON.parse(line) as Recorded).find(({ id }) => id === "storage-168");
  for (const [name, { text, ...flags }] of recorded?.result ?? []) {
    const level = StorageLevel.fromString(name);
    expect(level.toString()).toBe(text);
    expect(level).toMatchObject(flags);
  }
});

test("a name that is none is an error", () => {
  for (const name of ["NOPE", "fromString", "toString", "prototype"]) {
    expect(() => StorageLevel.fromString(name)).toThrow(IllegalArgumentException);
  }
  expect(() => StorageLevel.fromString("NOPE")).toThrow("Invalid StorageLevel: NOPE");
});
