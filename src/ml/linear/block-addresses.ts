import type { PassUnit, PassWorker } from "../../exec/index.js";
import type { InstanceBlock } from "../base/index.js";

/** Addresses of one unit's rows, as the linear kernels take them. */
export interface UnitRows {
  readonly block: InstanceBlock;
  readonly unit: PassUnit;
  readonly memory: WebAssembly.Memory;
  readonly kernels: Record<string, (...args: number[]) => number>;
  readonly rows: number;
  /** Dense: the unit's first row, its labels and weights (0 = no weights). */
  readonly dense: readonly [x: number, labels: number, weights: number, rows: number];
  /** CSR: values, indices, offsets, labels, weights of the block, then the unit's range of rows. */
  readonly csr: readonly [number, number, number, number, number, number, number];
}

export function unitRows<C>(worker: PassWorker<C>, index: number): UnitRows {
  const unit = worker.units[index];
  const { memory, info } = worker.blocks[unit.block];
  const block = info as InstanceBlock;
  const { start, end } = unit;
  const rows = end - start;
  const weights = block.weight === 0 ? 0 : block.weight + 8 * start;
  const x = block.values + 8 * start * block.numFeatures;
  return {
    block,
    unit,
    memory,
    kernels: worker.kernels(unit.block),
    rows,
    dense: [x, block.label + 8 * start, weights, rows],
    csr: [block.values, block.indices, block.offsets, block.label, block.weight, start, end],
  };
}

/** Doubles at an address of the unit's memory, which may have grown since the last call. */
export const doublesAt = (memory: WebAssembly.Memory, at: number, length: number): Float64Array =>
  new Float64Array(memory.buffer, at, length);
