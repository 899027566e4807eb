import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromBlock, toBlock } from "../../../src/columnar/index.js";
import { decodeInto, decodeLazily, decodeRows, ElementBuilder, encodeRows } from "../../../src/rdd/codec/index.js";
import { DenseVector, SparseVector } from "../../../src/linalg/index.js";
import "../../../src/exec/closure/index.js";

const roundTrip = (values: readonly unknown[]): unknown[] => decodeRows(fromBlock(toBlock(encodeRows(values))));

const scalar = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.string({ unit: "binary" }),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom(null, undefined, -0, Number.NaN, "\ud800", 2 ** 31, new Date(5)),
);
const element = fc.oneof(
  scalar,
  fc.tuple(scalar, scalar),
  fc.array(scalar, { maxLength: 10 }),
  fc.tuple(fc.string(), fc.tuple(fc.integer(), fc.double())),
  fc.dictionary(fc.string(), scalar, { noNullPrototype: true }),
);

describe("element codec", () => {
  test.each<[string, unknown[], unknown]>([
    ["ints", [1, -5, 0], "i32"],
    ["doubles", [1, 2.5, Number.NaN], "f64"],
    ["minus zero", [0, -0], "f64"],
    ["strings", ["a", "é", "", "😀"], "utf8"],
    ["booleans and nulls", [true, null, false], "bool"],
    ["longs", [1n, -(2n ** 63n)], "i64"],
    [
      "pairs",
      [
        ["a", 1],
        ["b", 2],
      ],
      { struct: ["utf8", "i32"] },
    ],
    ["lists", [[1, 2, 3], [], [4]], { list: "i32" }],
    ["mixtures", [1, "a", [2]], "binary"],
    ["undefined", [1, undefined], "binary"],
    ["only nulls", [null, null], "null"],
  ])("lays out %s by their shape and gives them back", (_, values, layout) => {
    expect(encodeRows(values).columns[0].layout).toEqual(layout);
    expect(roundTrip(values)).toEqual(values);
  });

  test("keeps Maps, Sets, Dates, typed arrays and vectors", () => {
    const values = [
      new Map<unknown, unknown>([["a", new Set([1])]]),
      new Date(3),
      Float64Array.of(1, 2),
      [new DenseVector(Float64Array.of(1, 2)), new SparseVector(3, Int32Array.of(1), Float64Array.of(5))],
    ];
    expect(roundTrip(values)).toEqual(values);
  });

  test("refuses functions and instances of other classes by name", () => {
    class Point {
      readonly x = 1;
    }
    expect(() => encodeRows([new Point()])).toThrow(/An instance of Point cannot travel between tasks/);
    expect(() => encodeRows([{ f: () => 1 }])).toThrow(/The function f cannot travel/);
  });

  test("any values come back as they were", () => {
    fc.assert(
      fc.property(fc.array(element, { maxLength: 40 }), (values) => {
        expect(roundTrip(values)).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });

  test("each segment of a reordered column is read without its neighbours", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), element), { maxLength: 40 }), (rows) => {
        const builder = new ElementBuilder();
        const starts = new Int32Array(5);
        for (const [p, value] of rows) {
          builder.append(value);
          starts[p + 1]++;
        }
        for (let p = 0; p < 4; p++) starts[p + 1] += starts[p];
        const next = starts.slice();
        const order = new Int32Array(rows.length);
        rows.forEach(([p], i) => (order[next[p]++] = i));
        const batch = { numRows: rows.length, columns: [builder.finish({ rows: order, segments: starts })] };
        for (let p = 0; p < 4; p++) {
          const expected = rows.filter(([q]) => q === p).map(([, value]) => value);
          const pushed: unknown[] = [];
          decodeInto(batch, (value) => pushed.push(value) > 0, starts[p], starts[p + 1]);
          expect(pushed).toEqual(expected);
          expect([...decodeLazily(batch, starts[p], starts[p + 1])]).toEqual(expected);
        }
      }),
      { numRuns: 300 },
    );
  });
});
