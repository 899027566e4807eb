import { describe, expect, it } from "vitest";
import { DenseMatrix, DenseVector, Matrices, pythonRepr, SparseVector, Vectors } from "../../src/linalg/index.js";

describe("Vectors.sparse", () => {
  it("takes arrays, pairs, an object or a map", () => {
    const expected = new SparseVector(4, [1, 3], [1, 5.5]);
    expect(Vectors.sparse(4, [1, 3], [1, 5.5]).equals(expected)).toBe(true);
    expect(
      Vectors.sparse(4, [
        [3, 5.5],
        [1, 1],
      ]).equals(expected),
    ).toBe(true);
    expect(Vectors.sparse(4, { 1: 1, 3: 5.5 }).equals(expected)).toBe(true);
    expect(
      Vectors.sparse(
        4,
        new Map([
          [1, 1],
          [3, 5.5],
        ]),
      ).equals(expected),
    ).toBe(true);
    expect(Vectors.sparse(4, []).numActives).toBe(0);
  });
  it.each([
    [() => Vectors.sparse(2, [0, 2], [1, 1]), "Index 2 is out of the size of vector with size=2"],
    [() => Vectors.sparse(2, [-1], [1]), "Contains negative index -1"],
    [() => Vectors.sparse(3, [1, 1], [1, 1]), "Indices 1 and 1 are not strictly increasing"],
    [() => Vectors.sparse(3, [1], [1, 1]), "index and value arrays not same length"],
    [() => Vectors.dense(1, 2).dot([1]), "dimension mismatch"],
    [() => Vectors.sparse(2, [], []).squaredDistance([1]), "dimension mismatch"],
  ])("refuses %s", (make, message) => expect(make).toThrow(message));
});

it("treats one number, a list and nothing as dense values", () => {
  expect(Vectors.dense(3).toString()).toBe("[3.0]");
  expect(Vectors.dense([]).size).toBe(0);
  expect(Vectors.dense().size).toBe(0);
  expect(Vectors.dense(new Set([1, 2])).toString()).toBe("[1.0,2.0]");
});

it("keeps NaN and infinities through JSON", () => {
  const v = new DenseVector([NaN, Infinity, -Infinity, 1]);
  const back = Vectors.fromJson(JSON.stringify(v));
  expect(Array.from(back.values)).toEqual(Array.from(v.values));
});

it("agrees on argmax between dense and sparse forms", () => {
  for (const values of [[0, 0], [-1, 0, 2], [-1, -2], [0, -1, 0], [-3, 0, -1], []]) {
    const dense = new DenseVector(values);
    expect(dense.toSparse().argmax()).toBe(dense.argmax());
  }
});

it("prints matrices as Spark does", () => {
  expect(Matrices.zeros(30, 1).toString().split("\n").at(-1)).toBe("... (30 total)");
  expect(Matrices.zeros(1, 40).toString()).toMatch(/^(0\.0 {2})+\.\.\. \(40 total\)$/);
  expect(pythonRepr(new DenseMatrix(1, 2, [1, 2.123456], true))).toBe("DenseMatrix(1, 2, [1.0, 2.1235], True)");
});

it("does matrix arithmetic over every orientation", () => {
  const a = new DenseMatrix(2, 3, [1, 2, 3, 4, 5, 6]);
  const b = a.transpose();
  expect(
    a
      .multiply(b)
      .toArray()
      .map((r) => [...r]),
  ).toEqual([
    [35, 44],
    [44, 56],
  ]);
  expect(a.toSparse().multiply(b.toSparseRowMajor()).equals(a.multiply(b))).toBe(true);
  expect(() => a.multiply(a)).toThrow("dimension mismatch");
  expect(() => a.get(2, 0)).toThrow("Row index 2 is out of range [0, 2)");
});
