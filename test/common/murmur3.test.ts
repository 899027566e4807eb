import { describe, expect, test } from "vitest";
import {
  murmur3Bytes,
  murmur3Double,
  murmur3Float,
  murmur3Int,
  murmur3Long,
  murmur3SqlBytes,
} from "../../src/common/index.js";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const remainder = (hash: number, n: number): number => ((hash % n) + n) % n;

describe("murmur3 equals Spark's", () => {
  // HashingTF.indexOf in Spark 4.3 with 262,144 features.
  test.each([
    ["spark", 173558],
    ["a", 107107],
    ["", 249180],
    ["İ", 220507],
    ["日本", 231525],
    ["the", 95889],
  ])("of the term %j", (term, index) => {
    const bytes = utf8(term);
    expect(remainder(murmur3Bytes(bytes, 0, bytes.length, 42), 262_144)).toBe(index);
  });

  // shared/spark/sql/functions.jsonl: SELECT hash(...).
  test("of SQL numbers", () => {
    expect(murmur3Int(1, 42)).toBe(-559580957);
    expect(murmur3Int(0, 42)).toBe(933211791);
    expect(murmur3Double(0, 42)).toBe(-1670924195);
    expect(murmur3Float(1.5, 42)).toBe(-221251528);
    expect(murmur3Long(1577836800000000n, 42)).toBe(-1486022740);
  });
  test.each([
    ["a", 1485273170],
    ["", 142593372],
    ["abcd", -396302900],
    ["abcde", 814637928],
    ["é😀", -694179141],
  ])("of the SQL string %j", (text, hash) => {
    const bytes = utf8(text);
    expect(murmur3SqlBytes(bytes, 0, bytes.length, 42)).toBe(hash);
  });

  test("of a range of bytes", () => {
    const bytes = utf8("xxthexx");
    expect(murmur3Bytes(bytes, 2, 5, 42)).toBe(murmur3Bytes(utf8("the"), 0, 3, 42));
  });
});
