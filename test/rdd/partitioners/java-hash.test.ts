import { describe, expect, it } from "vitest";
import { DenseVector, Row } from "../../../src/index.js";
import { javaHashCode, tupleHashCode } from "../../../src/rdd/partitioners/java-hash.js";

// Expected values were asked of the JVM that Spark 4.3 runs on; test/golden/rdd/neighbours.json holds many more.
describe("hash codes of the JVM", () => {
  it.each<[unknown, number]>([
    [[1, 2], 1316541600],
    [["a", 1], -1734940110],
    [[5000000000, 1.5], 44311174],
    [[null, true], -1541418814],
    [[1, "x", 2], -747241858],
    [[[1, 2], "x"], -624261050],
    [18446744073709551616n, 961],
    [-18446744073709551617n, -962],
    [123456789012345678901234567890n, 1915528825],
    [new Row(["i", "s", "d", "b"], [2, "b", 3, true]), 2039191243],
    [new DenseVector(Float64Array.of(1, 0, -2.5)), -976019616],
  ])("of %o", (value, wanted) => expect(javaHashCode(value)).toBe(wanted));

  it("of a tuple of one", () => expect(tupleHashCode([7])).toBe(1783669097));
  it("are the same for equal maps and sets in any order", () => {
    expect(javaHashCode({ a: 1, b: 2 })).toBe(javaHashCode({ b: 2, a: 1 }));
    expect(javaHashCode(new Map([["a", 1]]))).toBe(javaHashCode({ a: 1 }));
    expect(javaHashCode(new Set([1, "x"]))).toBe(javaHashCode(new Set(["x", 1])));
  });
  it("are refused where there are none", () => {
    expect(() => javaHashCode(new Uint8Array(2))).toThrow(/cannot partition array keys/);
    expect(() => javaHashCode(() => 1)).toThrow(/A function cannot be a key/);
  });
});
