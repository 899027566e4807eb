import { ExecutionHeap } from "../memory/index.js";

let heap: ExecutionHeap | undefined;

/** Hands a task worker the process's execution heap, when the worker starts. */
export function attachWorkerHeap(memory: WebAssembly.Memory): void {
  heap = new ExecutionHeap(memory);
}

/** The process's execution heap, on a task worker. */
export function workerHeap(): ExecutionHeap {
  if (!heap) throw new Error("the execution heap exists on task workers only");
  return heap;
}
