import { ExecutionHeap } from "../memory/index.js";

let heap: ExecutionHeap | undefined;

/** Gives a task worker the process's execution heap, which piscina hands over when the worker starts. */
export async function attachWorkerHeap(): Promise<void> {
  const { workerData } = await import("piscina");
  heap = new ExecutionHeap((workerData as { heap: WebAssembly.Memory }).heap);
}

/** The process's execution heap, on a task worker. */
export function workerHeap(): ExecutionHeap {
  if (!heap) throw new Error("the execution heap exists on task workers only");
  return heap;
}
