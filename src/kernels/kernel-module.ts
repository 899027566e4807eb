import { readFileSync } from "node:fs";
import { distUrl } from "../common/index.js";

/** Exports of the kernel module: functions over addresses and counts. */
export type KernelExports = Record<string, (...args: number[]) => number>;

let compiled: WebAssembly.Module | undefined;

/** Instantiates all kernels on a block's (or the heap's) memory. */
export function instantiateKernels(memory: WebAssembly.Memory): KernelExports {
  compiled ??= new WebAssembly.Module(readFileSync(distUrl("kernels.wasm")));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as KernelExports;
}
