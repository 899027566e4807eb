import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { runLinalgOp, toGolden } from "./linalg-ops.js";

interface Op {
  readonly call: string;
  readonly args: unknown[];
}
interface Case {
  readonly id: string;
  readonly ops: Op[];
  readonly expect: { readonly results: unknown[] };
  readonly tolerance: number;
}

function agree(actual: unknown, expected: unknown, tolerance: number): boolean {
  if (typeof expected === "number" && typeof actual === "number") {
    return Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
  }
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((e, i) => agree(actual[i], e, tolerance))
    );
  }
  if (typeof expected === "object" && expected !== null) {
    const a = actual as Record<string, unknown>;
    return (
      typeof actual === "object" &&
      Object.entries(expected).every(([k, e]) => agree(a[k], e, tolerance)) &&
      Object.keys(a).length === Object.keys(expected).length
    );
  }
  return actual === expected;
}

const folder = new URL("../golden/ml/", import.meta.url);
for (const name of ["DenseVector", "SparseVector", "Vectors", "DenseMatrix", "SparseMatrix", "Matrices"]) {
  const { cases } = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")) as { cases: Case[] };
  describe(name, () => {
    for (const c of cases) {
      c.ops.forEach((op, i) =>
        it(`${c.id} ${i} ${op.call}`, () => {
          const actual = toGolden(runLinalgOp(op.call, op.args));
          if (!agree(actual, c.expect.results[i], c.tolerance)) expect(actual).toEqual(c.expect.results[i]);
        }),
      );
    }
  });
}

it("notices a wrong expectation", () => {
  expect(agree({ type: 1, values: [1, 2] }, { type: 1, values: [1, 3] }, 1e-12)).toBe(false);
  expect(agree([1], [1, 2], 1e-12)).toBe(false);
});
