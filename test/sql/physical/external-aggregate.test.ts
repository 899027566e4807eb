import fc from "fast-check";
import { expect, it } from "vitest";
import type { Batch, Layout } from "../../../src/columnar/index.js";
import { encodeExpression, type Expression } from "../../../src/sql/expressions/index.js";
import type { AggregateCall, HashAggregateFragment } from "../../../src/sql/physical/hash-aggregate.js";
import { ArrayType, type DataType, integerType, longType, stringType } from "../../../src/sql/types/index.js";
import { fragmentOf, inBatches, limitedTask, rowsOf, rowText } from "./limited-task.js";
import "../../../src/descriptors.js";

const layouts: Layout[] = ["i32", "utf8", "i32", "utf8"];
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 8 });
const row = fc.tuple(
  maybe(fc.integer({ min: 0, max: 60 })),
  maybe(fc.constantFrom("", "k", "key".repeat(20))),
  maybe(fc.integer({ min: -5, max: 5 })),
  maybe(fc.constantFrom("x", "y", "long ".repeat(30))),
);
const column = (ordinal: number, type: DataType): Expression => ({ kind: "bound", ordinal, type, nullable: true });
const call = (name: string, ordinal: number, input: DataType, type: DataType, distinct = false): AggregateCall => ({
  call: encodeExpression({ kind: "call", name, args: [column(ordinal, input)], type, nullable: true, distinct }),
  inputs: [ordinal],
  distinct,
});
const calls: Record<string, AggregateCall> = {
  sum: call("sum", 2, integerType, longType),
  count: call("count", 3, stringType, longType),
  max: call("max", 3, stringType, stringType),
  first: call("first", 3, stringType, stringType),
  list: call("collect_list", 2, integerType, new ArrayType(integerType, false)),
  distinct: call("count", 2, integerType, longType, true),
  distinctSum: call("sum", 2, integerType, longType, true),
};

async function grouped(batches: Batch[], keys: readonly number[], wanted: readonly string[], memory: number) {
  const task = limitedTask(memory);
  const fragment: HashAggregateFragment = {
    op: "hashAggregate",
    input: fragmentOf(task, batches),
    mode: "complete",
    keys,
    calls: wanted.map((name) => calls[name]),
    partition: 0,
    leastMemory: 0,
  };
  const rows = (await rowsOf(fragment, task)).map(rowText).sort();
  const { spills } = task;
  expect(task.open.size).toBe(0);
  expect(task.memory.held).toBe(0);
  task.close();
  return { rows, spills };
}

it("groups in files what it groups in memory: order of rows in a group kept, DISTINCT calls too", async () => {
  let spilling = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 300, size: "max" }),
      fc.constantFrom([0], [0, 1], [1], []),
      fc.uniqueArray(fc.constantFrom(...Object.keys(calls)), { minLength: 0, maxLength: 4 }),
      fc.constantFrom(0, 5000, 40_000),
      async (rows, keys, wanted, memory) => {
        const batches = inBatches(layouts, rows, 24);
        const expected = await grouped(batches, keys, wanted, 1e9);
        expect(expected.spills).toBe(0);
        const found = await grouped(batches, keys, wanted, memory);
        expect(found.rows).toEqual(expected.rows);
        if (found.spills > 0) spilling++;
      },
    ),
    { numRuns: 60 },
  );
  expect(spilling).toBeGreaterThan(12);
});
