import { describe, expect, test } from "vitest";
import { keyOf } from "../../../src/rdd/keys.js";
import { KeyedMap } from "../../../src/rdd/keyed-map.js";
import { compareNatural } from "../../../src/rdd/ordering.js";

describe("natural order", () => {
  test("numbers as Double.compare, strings by UTF-16 unit, arrays element by element, null first", () => {
    const sorted = (values: unknown[]): unknown[] => [...values].sort(compareNatural);
    expect(sorted([Number.NaN, 1, 0, -0, -1, Infinity])).toEqual([-1, -0, 0, 1, Infinity, Number.NaN]);
    expect(sorted(["b", "a", "C", "é", "B", ""])).toEqual(["", "B", "C", "a", "b", "é"]);
    expect(sorted([["b", 1], ["a", 2], ["a", 1], ["a"]])).toEqual([["a"], ["a", 1], ["a", 2], ["b", 1]]);
    expect(sorted([3n, 2, null, 1n])).toEqual([null, 1n, 2, 3n]);
    expect(sorted([new Date(5), new Date(1)])).toEqual([new Date(1), new Date(5)]);
  });
  test("what has no order says so", () => {
    expect(() => compareNatural({ a: 1 }, { a: 2 })).toThrow(/no order is defined between Object and Object/);
  });
});

describe("keys", () => {
  test("composites are equal by their contents, and no string is taken for one", () => {
    expect(keyOf([1, "a"])).toBe(keyOf([1, "a"]));
    expect(keyOf({ a: 1, b: 2 })).toBe(keyOf({ b: 2, a: 1 }));
    expect(keyOf([1])).not.toBe(keyOf(["1"]));
    const text = keyOf([1]) as string;
    expect(keyOf(text)).not.toBe(text);
  });
  test("a map of thousands of ints, doubles, strings and tuples finds each", () => {
    const map = new KeyedMap<number>();
    const keys = Array.from(
      { length: 20_000 },
      (_, i) =>
        [i * 7919, i + 0.5, `k${i}`, [i, "x"], `한글 ${i}`, `a text of more than twelve characters ${i}`, `${i}\u0000`][
          i % 7
        ],
    );
    let wrong = 0;
    keys.forEach((key, i) => {
      if (map.indexOf(key) !== -1) wrong++;
      map.insert(key, i);
    });
    keys.forEach((key, i) => {
      if (map.get(key) !== i) wrong++;
    });
    expect(wrong).toBe(0);
    map.clear();
    expect(map.indexOf(0)).toBe(-1);
  });
});
