import { definePassKernel, type Passes, type PassRequest } from "../../exec/index.js";
import type { InstanceLayout } from "../base/index.js";
import type { SoftmaxLoss } from "../optim/index.js";
import { doublesAt, unitRows } from "./block-addresses.js";

export interface SoftmaxLossConfig {
  readonly numFeatures: number;
  readonly numClasses: number;
}

/** Moves a matrix of `rows` x `columns` from one order to the other. */
function transpose(from: Float64Array, rows: number, columns: number, to: Float64Array): void {
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j];
}

/**
 * Multinomial loss and gradient. Input: coefficients feature by feature, then an offset by class.
 * Output: loss, sum of multipliers by class, gradient feature by feature; the dense kernel works class by class.
 */
export const softmaxLossPass = definePassKernel<SoftmaxLossConfig>({
  name: "ml.softmax.loss",
  open: (worker) => {
    const { numFeatures: d, numClasses: k } = worker.config;
    return (index) => {
      const { block, memory, kernels, dense, csr } = unitRows(worker, index);
      const w = worker.scratch(index);
      const offsets = w + 8 * d * k;
      const margins = offsets + 8 * k;
      const out = margins + 32 * k;
      const coefficients = worker.input.subarray(0, d * k);
      doublesAt(memory, offsets, k).set(worker.input.subarray(d * k));
      const result = worker.output(index);
      if (block.form === "dense") {
        transpose(coefficients, d, k, doublesAt(memory, w, d * k));
        kernels.softmax_loss_dense(...dense, d, k, w, offsets, margins, out);
        result.set(doublesAt(memory, out, 1 + k));
        transpose(doublesAt(memory, out + 8 * (1 + k), d * k), k, d, result.subarray(1 + k));
        return;
      }
      doublesAt(memory, w, d * k).set(coefficients);
      kernels.softmax_loss_csr(...csr, d, k, w, offsets, margins, out);
      result.set(doublesAt(memory, out, 1 + k + d * k));
    };
  },
});

/** Opens the passes of the multinomial loss over a layout; `close` them when the optimizer is done. */
export function openSoftmaxLoss(
  layout: InstanceLayout,
  open: (request: PassRequest<SoftmaxLossConfig>) => Passes,
  numClasses: number,
): { readonly loss: SoftmaxLoss; close(): void } {
  const d = layout.numFeatures;
  const k = numClasses;
  const passes = open({
    kernel: softmaxLossPass.name,
    config: { numFeatures: d, numClasses },
    ...layout.passes,
    units: layout.units(16),
    inputLength: d * k + k,
    outputLength: 1 + k + d * k,
    scratchBytes: 8 * (2 * d * k + 6 * k + 1),
  });
  const loss: SoftmaxLoss = async (w, offsets) => {
    passes.input.set(w);
    passes.input.set(offsets, d * k);
    await passes.run();
    const sums = passes.sum();
    return { loss: sums[0], multipliers: sums.subarray(1, 1 + k), gradient: sums.subarray(1 + k) };
  };
  return { loss, close: () => passes.close() };
}
