import { definePassKernel, type Passes, type PassRequest } from "../../exec/index.js";
import { LINEAR_LOSS_HEADER, type LinearLossKind, linearLossKinds } from "../../kernels/linear-loss/index.js";
import type { InstanceLayout } from "../base/index.js";
import type { LinearLoss } from "../optim/index.js";
import { doublesAt, unitRows } from "./block-addresses.js";

export interface LinearLossConfig {
  readonly kind: LinearLossKind;
  readonly numFeatures: number;
  /** Huber's epsilon. */
  readonly epsilon: number;
}

/** Loss and gradient of a linear model. Input: coefficients, offset, sigma. Output: as the kernel `linear_loss_dense`. */
export const linearLossPass = definePassKernel<LinearLossConfig>({
  name: "ml.linear.loss",
  open: (worker) => {
    const { kind, numFeatures: d, epsilon } = worker.config;
    const code = linearLossKinds[kind];
    return (index) => {
      const { block, memory, kernels, dense, csr } = unitRows(worker, index);
      const w = worker.scratch(index);
      const out = w + 8 * d;
      doublesAt(memory, w, d).set(worker.input.subarray(0, d));
      const [offset, sigma] = [worker.input[d], worker.input[d + 1]];
      if (block.form === "dense") kernels.linear_loss_dense(code, ...dense, d, w, offset, sigma, epsilon, out);
      else kernels.linear_loss_csr(code, ...csr, d, w, offset, sigma, epsilon, out);
      worker.output(index).set(doublesAt(memory, out, LINEAR_LOSS_HEADER + d));
    };
  },
});

/** Opens the passes of a loss over a layout; `close` them when the optimizer is done. */
export function openLinearLoss(
  layout: InstanceLayout,
  open: (request: PassRequest<LinearLossConfig>) => Passes,
  config: Omit<LinearLossConfig, "numFeatures">,
): { readonly loss: LinearLoss; close(): void } {
  const d = layout.numFeatures;
  const passes = open({
    kernel: linearLossPass.name,
    config: { ...config, numFeatures: d },
    ...layout.passes,
    units: layout.units(16),
    inputLength: d + 2,
    outputLength: LINEAR_LOSS_HEADER + d,
    scratchBytes: 8 * (2 * d + LINEAR_LOSS_HEADER),
  });
  const loss: LinearLoss = async (w, offset, sigma) => {
    passes.input.set(w);
    passes.input[d] = offset;
    passes.input[d + 1] = sigma;
    await passes.run();
    const sums = passes.sum();
    const [value, multipliers, sigmaSlope] = sums;
    return { loss: value, multipliers, sigmaSlope, gradient: sums.subarray(LINEAR_LOSS_HEADER) };
  };
  return { loss, close: () => passes.close() };
}
