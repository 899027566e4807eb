import { threadId } from "node:worker_threads";
import { ExecutionHeap } from "../memory/index.js";
import type { WorkerStart } from "./executor/worker-task.js";
import { attachWorkerStorage } from "./task-storage.js";

let heap: ExecutionHeap | undefined;
let start: WorkerStart | undefined;

/** What piscina handed to this task worker when it started. */
export async function attachWorker(): Promise<void> {
  const { workerData } = await import("piscina");
  start = workerData as WorkerStart;
  heap = new ExecutionHeap(start.heap);
  if (start.storage) attachWorkerStorage(start.storage);
}

/** Whether this thread runs tasks. */
export const isTaskWorker = (): boolean => start !== undefined;

/** The process's execution heap, on a task worker. */
export function workerHeap(): ExecutionHeap {
  if (!heap) throw new Error("the execution heap exists on task workers only");
  return heap;
}

/** What this task worker was started with. */
export function workerStart(): WorkerStart {
  if (!start) throw new Error("only task workers were started with something");
  return start;
}

/** Says that this thread runs the task of a slot: what the task takes is given back by the slot when the thread dies. */
export function enterSlot(slot: number): void {
  Atomics.store(workerStart().threadOfSlot, slot, threadId);
  workerHeap().owner = slot + 1;
}
