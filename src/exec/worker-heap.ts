import { workerData } from "piscina";
import { ExecutionHeap } from "../memory/index.js";

let heap: ExecutionHeap | undefined;

/** The process's execution heap, on a task worker (the pool hands it over when the worker starts). */
export function workerHeap(): ExecutionHeap {
  heap ??= new ExecutionHeap((workerData as { heap: WebAssembly.Memory }).heap);
  return heap;
}
