import { instantiateKernels, type KernelExports } from "../../src/kernels/index.js";
import { kernelMemory } from "./best-of.js";

/** Random rows of a linear problem in a kernel memory, and as the scalar references take them. */
export interface LinearProblem {
  readonly kernels: KernelExports;
  readonly x: number;
  readonly labels: number;
  readonly take: (bytes: number) => number;
  /** Zeros or given doubles at a new address. */
  readonly doubles: (length: number, values?: ArrayLike<number>) => number;
  readonly rows: Float64Array[];
  readonly classes: Float64Array;
}

export function linearProblem(rows: number, d: number, numClasses: number): LinearProblem {
  const { memory, take } = kernelMemory(8 * rows * (d + 2) + 2 ** 22);
  const data = Float64Array.from({ length: rows * d }, () => Math.random() - 0.5);
  const classes = Float64Array.from({ length: rows }, () => Math.floor(numClasses * Math.random()));
  const doubles = (length: number, values?: ArrayLike<number>): number => {
    const at = take(8 * length);
    if (values) new Float64Array(memory.buffer, at, length).set(values);
    return at;
  };
  return {
    kernels: instantiateKernels(memory),
    x: doubles(rows * d, data),
    labels: doubles(rows, classes),
    take,
    doubles,
    rows: Array.from({ length: rows }, (_, i) => data.subarray(i * d, (i + 1) * d)),
    classes,
  };
}
