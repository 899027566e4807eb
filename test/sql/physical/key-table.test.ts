import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { columnBuilder, type Layout } from "../../../src/columnar/index.js";
import { KeyTable } from "../../../src/sql/physical/key-table.js";

const column = (layout: Layout, values: readonly unknown[]) => {
  const builder = columnBuilder(layout);
  for (const value of values) builder.append(value);
  return builder.finish();
};
const row = fc.tuple(
  fc.option(fc.integer({ min: -3, max: 3 }), { nil: null }),
  fc.option(fc.constantFrom("", "a", "ab", "한글", "b".repeat(40)), { nil: null }),
  fc.option(fc.constantFrom(0, -0, 1.5, Number.NaN, Infinity), { nil: null }),
  fc.option(fc.bigInt({ min: -2n, max: 2n }), { nil: null }),
  fc.option(fc.boolean(), { nil: null }),
);
const layouts: Layout[] = ["i32", "utf8", "f64", "i64", "bool"];
const text = (values: readonly unknown[]): string =>
  values.map((v) => (v === 0 ? "0" : `${typeof v}:${String(v)}`)).join("|");

describe("KeyTable", () => {
  it("numbers distinct rows in the order of their first appearance, over many batches", () => {
    fc.assert(
      fc.property(fc.array(fc.array(row, { maxLength: 40 }), { maxLength: 5 }), (batches) => {
        const table = new KeyTable(layouts);
        const expected = new Map<string, number>();
        for (const rows of batches) {
          const columns = layouts.map((layout, c) =>
            column(
              layout,
              rows.map((r) => r[c]),
            ),
          );
          const ids = table.add(columns, rows.length);
          rows.forEach((r, i) => {
            const key = text(r);
            if (!expected.has(key)) expected.set(key, expected.size);
            expect(ids[i]).toBe(expected.get(key));
          });
        }
        expect(table.count).toBe(expected.size);
      }),
    );
  });

  it("finds the same numbers through shared memory, -1 for what it does not hold", () => {
    const table = new KeyTable(["utf8", "i32"]);
    const names = Array.from({ length: 1000 }, (_, i) => `key ${i % 700}`);
    const numbers = names.map((_, i) => i % 7);
    const ids = table.add([column("utf8", names), column("i32", numbers)], names.length);
    const shared = KeyTable.over(structuredClone(table.share()));
    expect(shared.find([column("utf8", names), column("i32", numbers)], names.length)).toEqual(ids);
    expect([...shared.find([column("utf8", ["key 1", "no key"]), column("i32", [6, 0])], 2)]).toEqual([-1, -1]);
  });

  it("holds one group without key columns", () => {
    const table = new KeyTable([]);
    expect([...table.find([], 2)]).toEqual([-1, -1]);
    expect([...table.add([], 3)]).toEqual([0, 0, 0]);
    expect(table.count).toBe(1);
  });
});
