import fc from "fast-check";
import { expect, it } from "vitest";
import { i32Column, type Batch, type Layout } from "../../../src/columnar/index.js";
import type { StageOutput, TaskContext } from "../../../src/exec/index.js";
import { bindFragment } from "../../../src/sql/physical/bind-fragment.js";
import { ShuffleOutput } from "../../../src/sql/physical/shuffle.js";
import { shuffleWrite, type ShuffleResult } from "../../../src/sql/physical/shuffle-write.js";
import { inBatches, limitedTask, rowsOf } from "./limited-task.js";
import "../../../src/descriptors.js";

const layouts: Layout[] = ["i32", "utf8"];

async function* stream(batches: readonly Batch[]): AsyncGenerator<Batch> {
  yield* batches;
}

const outputOf = (results: ShuffleResult[]): StageOutput<ShuffleResult> => ({
  stageId: 0,
  numTasks: results.length,
  result: (p) => results[p],
  results: () => results,
  executor: () => "driver",
  release: () => undefined,
});

/** Destination of row i: uneven, so that some destinations are empty and one is large. */
const destinationOf = (i: number, numPartitions: number): number =>
  i % 3 === 0 ? numPartitions - 1 : (i * 7919) % numPartitions;

async function shuffled(maps: number, rowsEach: number, textBytes: number, numPartitions: number, task: TaskContext) {
  const results: ShuffleResult[] = [];
  const expected = Array.from({ length: numPartitions }, (): unknown[][] => []);
  for (let map = 0; map < maps; map++) {
    const rows = Array.from({ length: rowsEach }, (_, i) => [map * rowsEach + i, `${i}`.repeat(textBytes)]);
    rows.forEach((row, i) => expected[destinationOf(i, numPartitions)].push(row));
    let at = 0;
    const batches = inBatches(layouts, rows, 100).map(({ numRows, columns }) => {
      const destinations = Int32Array.from({ length: numRows }, () => destinationOf(at++, numPartitions));
      return { numRows, columns: [...columns, i32Column(destinations)] };
    });
    results.push(await shuffleWrite.run({ numPartitions, leastMemory: 20_000 }, stream(batches), task));
  }
  return { output: new ShuffleOutput(numPartitions, outputOf(results)), expected, results };
}

it("gives each destination its rows in the order of the map tasks, from files as from memory", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 3 }),
      fc.constantFrom(0, 1, 250, 1000),
      fc.constantFrom(1, 60),
      fc.constantFrom(1, 7, 200, 1500),
      fc.boolean(),
      fc.constantFrom(0, 1e9),
      async (maps, rows, bytes, numPartitions, resident, memory) => {
        const task = limitedTask(memory, resident);
        const { output, expected } = await shuffled(maps, rows, bytes, numPartitions, task);
        expect(output.numRows).toBe(maps * rows);
        const all = await rowsOf(bindFragment(output.readAll()), task);
        expect(all.length).toBe(maps * rows);
        const step = Math.ceil(numPartitions / 5);
        for (let p = 0; p < numPartitions; p += step)
          expect(await rowsOf(bindFragment(output.read(p, p + 1)), task)).toEqual(expected[p]);
        const end = Math.min(numPartitions, step + 3);
        const together = await rowsOf(bindFragment(output.read(1, end)), task);
        const number = (a: unknown[], b: unknown[]) => Number(a[0]) - Number(b[0]);
        expect(together.sort(number)).toEqual(expected.slice(1, end).flat().sort(number));
        expect(task.open.size).toBe(0);
        task.close();
      },
    ),
    { numRuns: 40 },
  );
});

it("merges the small stretches of a map task without memory, so that its blocks stay few", async () => {
  const task = limitedTask(0);
  const { results } = await shuffled(1, 5000, 60, 1000, task);
  expect(task.spills).toBeGreaterThan(10);
  const [stretches] = results;
  expect(stretches.length).toBe(1);
  expect(stretches[0].length).toBeLessThan(10);
  task.close();
});
