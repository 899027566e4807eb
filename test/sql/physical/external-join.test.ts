import fc from "fast-check";
import { expect, it } from "vitest";
import type { Batch, Layout } from "../../../src/columnar/index.js";
import { encodeExpression, type Expression } from "../../../src/sql/expressions/index.js";
import type { HashJoinFragment, StreamJoin } from "../../../src/sql/physical/hash-join.js";
import { booleanType, integerType } from "../../../src/sql/types/index.js";
import { fragmentOf, inBatches, limitedTask, rowsOf, rowText } from "./limited-task.js";
import "../../../src/descriptors.js";

const layouts: Layout[] = ["i32", "utf8", "i32"];
const row = fc.tuple(
  fc.option(fc.integer({ min: 0, max: 12 }), { nil: null, freq: 8 }),
  fc.option(fc.constantFrom("", "a", "b".repeat(40)), { nil: null, freq: 8 }),
);
const types: StreamJoin[] = ["inner", "outer", "full", "semi", "anti"];

const bound = (ordinal: number): Expression => ({ kind: "bound", ordinal, type: integerType, nullable: true });
/** The third columns of both sides differ. */
const residual: Expression = {
  kind: "call",
  name: "not",
  args: [{ kind: "call", name: "=", args: [bound(2), bound(5)], type: booleanType, nullable: true }],
  type: booleanType,
  nullable: true,
};

async function joined(
  stream: Batch[],
  build: Batch[],
  joinType: StreamJoin,
  keys: readonly number[],
  nullSafe: boolean,
  conditional: boolean,
  memory: number,
) {
  const task = limitedTask(memory);
  const fragment: HashJoinFragment = {
    op: "hashJoin",
    stream: fragmentOf(task, stream),
    streamKeys: keys,
    build: fragmentOf(task, build),
    buildKeys: { keys, nullSafe: keys.map(() => nullSafe) },
    joinType,
    residual: conditional ? { encoded: encodeExpression(residual) } : undefined,
    buildLeft: false,
    streamLayouts: layouts,
    buildLayouts: layouts,
    partition: 0,
    leastMemory: 0,
  };
  const rows = (await rowsOf(fragment, task)).map(rowText).sort();
  const { spills } = task;
  expect(task.open.size).toBe(0);
  task.close();
  return { rows, spills };
}

it("joins in files what it joins in memory: every type, one and two keys and none, null-safe or not, with a condition", async () => {
  let spilling = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 80, size: "max" }),
      fc.array(row, { maxLength: 80, size: "max" }),
      fc.constantFrom(...types),
      fc.constantFrom([0], [0, 1], [1], []),
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom(0, 1500, 6000),
      async (left, right, type, keys, nullSafe, conditional, memory) => {
        const numbered = (rows: typeof left) => rows.map((r, i) => [...r, i % 5]);
        const stream = inBatches(layouts, numbered(left), 16);
        const build = inBatches(layouts, numbered(right), 16);
        const expected = await joined(stream, build, type, keys, nullSafe, conditional, 1e9);
        expect(expected.spills).toBe(0);
        const { rows, spills } = await joined(stream, build, type, keys, nullSafe, conditional, memory);
        expect(rows).toEqual(expected.rows);
        if (spills > 0) spilling++;
      },
    ),
    { numRuns: 60 },
  );
  expect(spilling).toBeGreaterThan(15);
});
