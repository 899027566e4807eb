export { linearLoss, type LossRows } from "./reference.js";

/** Losses of the kernels `linear_loss_dense` and `linear_loss_csr`. */
export const linearLossKinds = { logistic: 0, squared: 1, huber: 2 } as const;
export type LinearLossKind = keyof typeof linearLossKinds;

/** Doubles before the gradient in the kernels' output: loss, sum of multipliers, derivative by sigma. */
export const LINEAR_LOSS_HEADER = 3;
