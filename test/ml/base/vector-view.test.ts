import { describe, expect, test } from "vitest";
import { columnBuilder, valueAt } from "../../../src/columnar/index.js";
import { Vectors } from "../../../src/linalg/index.js";
import { compressedRows, VectorRows, vectorView } from "../../../src/ml/base/index.js";

const rowsOf = (column: ReturnType<VectorRows["finish"]>) =>
  Array.from({ length: column.length }, (_, i) => String(valueAt(column, i)));

describe("vector columns", () => {
  test("are read alike in the dense and the mixed form", () => {
    const builder = columnBuilder("vector");
    for (const row of [
      [1, 2],
      [3, 4],
    ])
      builder.append(Vectors.dense(row));
    const view = vectorView(builder.finish());
    expect([...view.offsets]).toEqual([0, 2, 4]);
    expect([...view.kinds]).toEqual([1, 1]);
  });

  test("take the form that needs less memory", () => {
    const rows = compressedRows(new Float64Array([0, 0, 0, 5, 1, 2, 3, 4]), 4, 2);
    expect(rowsOf(rows)).toEqual(["(4,[3],[5.0])", "[1.0,2.0,3.0,4.0]"]);
    expect(rowsOf(compressedRows(new Float64Array(0), 0, 2))).toEqual(["[]", "[]"]);
    expect(compressedRows(new Float64Array([1, 2]), 2, 1).form).toBe("dense");
  });

  test("are built entry by entry", () => {
    const rows = new VectorRows(3, 1);
    rows.push(1, 7);
    rows.endCompressed(2);
    rows.push(1, 7);
    rows.endCompressed(9);
    rows.endCompressed(3);
    expect(rowsOf(rows.finish())).toEqual(["[0.0,7.0]", "(9,[1],[7.0])", "(3,[],[])"]);
  });
});
