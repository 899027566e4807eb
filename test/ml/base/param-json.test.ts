import { describe, expect, it } from "vitest";
import { DenseMatrix, Vectors } from "../../../src/linalg/index.js";
import { parseBigJson } from "../../../src/ml/base/big-json.js";
import { decodeParam, encodeParam } from "../../../src/ml/base/param-json.js";
import type { ParamType } from "../../../src/ml/base/param-types.js";

const cases: readonly (readonly [ParamType, unknown, string])[] = [
  ["double", 1e-6, "1.0E-6"],
  ["double", 0, "0.0"],
  ["double", Infinity, '"Inf"'],
  ["double", -Infinity, '"-Inf"'],
  ["int", 3, "3"],
  ["long", -6542929381557470010n, "-6542929381557470010"],
  ["boolean", true, "true"],
  ["string", 'a"b', '"a\\"b"'],
  ["string[]", ["a", "é"], '["a","é"]'],
  ["int[]", [1, 2], "[1,2]"],
  ["double[][]", [[-Infinity, 0, Infinity], [1]], '[["-Inf",0.0,"Inf"],[1.0]]'],
  ["vector", Vectors.dense([0, 1.5]), '{"type":1,"values":[0.0,1.5]}'],
  ["vector", Vectors.sparse(3, [1], [2]), '{"type":0,"size":3,"indices":[1],"values":[2.0]}'],
  [
    "matrix",
    new DenseMatrix(1, 2, [0, 0]),
    '{"class":"matrix","type":1,"numRows":1,"numCols":2,"values":[0.0,0.0],"isTransposed":false}',
  ],
];

describe("params as JSON", () => {
  it.each(cases)("writes and reads %s %s", (type, value, json) => {
    expect(encodeParam(type, value)).toBe(json);
    expect(decodeParam(type, parseBigJson(json))).toEqual(value);
  });
  it("writes NaN as Spark does", () => {
    expect(encodeParam("double[]", [Number.NaN])).toBe('["NaN"]');
    expect(decodeParam("double[]", ["NaN"])).toEqual([Number.NaN]);
  });
  it("leaves digits inside texts and doubles alone", () => {
    expect(
      parseBigJson(
        '{"a":"12345678901234567890","b":1234567890123456.5,"c":9007199254740993,"d":[0.9034318980872764,-1234567890123456789]}',
      ),
    ).toEqual({
      a: "12345678901234567890",
      b: 1234567890123456.5,
      c: 9007199254740993n,
      d: [0.9034318980872764, -1234567890123456789n],
    });
  });
});
