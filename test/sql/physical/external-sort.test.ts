import fc from "fast-check";
import { expect, it } from "vitest";
import type { Layout } from "../../../src/columnar/index.js";
import { ExternalSort } from "../../../src/sql/physical/external-sort.js";
import type { SortKey } from "../../../src/sql/physical/row-order.js";
import { sortBatch } from "../../../src/sql/physical/sorted-rows.js";
import { batchOf, batchRows, inBatches, limitedTask } from "./limited-task.js";
import "../../../src/sql/physical/index.js";

const layouts: Layout[] = ["f64", "utf8", "i64", { list: "i32" }, { struct: ["bool", "i128"] }, "i32"];
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 6 });
const row = fc.tuple(
  maybe(fc.constantFrom(-1, 0, -0, 2.5, Number.NaN, Infinity)),
  maybe(fc.constantFrom("", "a", "b", "é", "😀", "x".repeat(300))),
  maybe(fc.bigInt({ min: -2n, max: 2n })),
  maybe(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 3 })),
  maybe(fc.tuple(fc.boolean(), fc.bigInt({ min: -1n, max: 1n }))),
);
const keys = fc.uniqueArray(
  fc.record({ ordinal: fc.integer({ min: 0, max: 4 }), ascending: fc.boolean(), nullsFirst: fc.boolean() }),
  { minLength: 1, maxLength: 3, selector: (key) => key.ordinal },
);

const sorted = (rows: unknown[][], order: SortKey[], limit: number | undefined, memory: number, batch: number) => {
  const task = limitedTask(memory);
  const sort = new ExternalSort(order, task, limit, undefined, 0);
  for (const part of inBatches(layouts, rows, batch)) sort.add(part);
  const result = [...sort.sorted()].flatMap(batchRows);
  const { spills, open } = task;
  expect(task.memory.held).toBe(0);
  expect(open.size).toBe(0);
  task.close();
  return { result, spills };
};

it("gives what a sort in memory gives, whatever the memory: every type of key, stable, with and without a limit", () => {
  let spilling = 0;
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 300, size: "max" }),
      keys,
      fc.option(fc.integer({ min: 1, max: 50 }), { nil: undefined }),
      fc.constantFrom(0, 2000, 20_000, 1e9),
      fc.constantFrom(3, 17, 100),
      (values, order, limit, memory, batch) => {
        const rows = values.map((r, i) => [...r, i]);
        const expected = batchRows(sortBatch(batchOf(layouts, rows), order)).slice(0, limit);
        const { result, spills } = sorted(rows, order, limit, memory, batch);
        expect(result).toEqual(expected);
        if (spills > 0) spilling++;
      },
    ),
    { numRuns: 60 },
  );
  expect(spilling).toBeGreaterThan(8);
});

it("merges more runs than it can read at once", () => {
  const rows = Array.from({ length: 1000 }, (_, i) => [null, null, BigInt((i * 7919) % 1000), null, null, i]);
  const order = [{ ordinal: 2, ascending: true, nullsFirst: true }];
  const { result, spills } = sorted(rows, order, undefined, 0, 2);
  expect(spills).toBeGreaterThan(500);
  expect(result.map((r) => r[2])).toEqual(Array.from({ length: 1000 }, (_, i) => BigInt(i)));
});
