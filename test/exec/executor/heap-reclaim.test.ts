import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { allocateHeap, ExecutionHeap, STATIC_BYTES } from "../../../src/memory/index.js";

it("a dead owner's chunks and its hold on the lock are given back, others' stay", async () => {
  const memory = allocateHeap(16 * 2 ** 20);
  const [mine, dead] = [new ExecutionHeap(memory), new ExecutionHeap(memory)];
  [mine.owner, dead.owner] = [1, 2];
  const kept = mine.region().allocate(100);
  dead.region().allocate(3 * 2 ** 20);
  const used = mine.used;
  // A thread that dies inside the critical section leaves the lock closed.
  const worker = new Worker(
    `const { workerData } = require("node:worker_threads");
     Atomics.store(new Int32Array(workerData.memory.buffer, workerData.at, 1), 0, 2);
     process.exit();`,
    { eval: true, workerData: { memory, at: STATIC_BYTES } },
  );
  await new Promise((resolve) => worker.once("exit", resolve));
  mine.reclaim(2);
  expect(used - mine.used).toBeGreaterThanOrEqual(3 * 2 ** 20);
  expect(mine.used).toBeGreaterThan(0);
  expect(mine.region().allocate(100)).not.toBe(kept);
});
