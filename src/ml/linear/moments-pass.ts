import { definePassKernel } from "../../exec/index.js";
import { doublesAt, unitRows } from "./block-addresses.js";

export interface MomentsPassConfig {
  readonly numFeatures: number;
  /** Classes to count; 0 for a real-valued label. */
  readonly numClasses: number;
}

/** Doubles before the features' moments: rows, sum w, sum w², sum w (y - t), sum w (y - t)². */
export const MOMENTS_HEADER = 5;

export const momentsOutputLength = ({ numFeatures, numClasses }: MomentsPassConfig): number =>
  MOMENTS_HEADER + numClasses + 2 * numFeatures;
export const momentsScratchBytes = (numFeatures: number): number => 8 * 4 * numFeatures;

/**
 * Weighted moments of label and features. Input: a shift s by feature and one t of the label, which keep the digits of columns
 * far from zero. Output: the header, weight of each class, by feature sum w (x - s), then sum w (x - s)².
 */
export const momentsPass = definePassKernel<MomentsPassConfig>({
  name: "ml.linear.moments",
  open: (worker) => {
    const { numFeatures: d, numClasses } = worker.config;
    return (index) => {
      const { block, memory, kernels, dense, csr, rows, unit } = unitRows(worker, index);
      const output = worker.output(index).fill(0);
      const shift = worker.scratch(index);
      const sums = shift + 8 * d;
      doublesAt(memory, shift, d).set(worker.input.subarray(0, d));
      const labelShift = worker.input[d];
      const labels = doublesAt(memory, block.label, block.rows);
      const weights = block.weight === 0 ? undefined : doublesAt(memory, block.weight, block.rows);
      let [weightSum, squaredWeights, labelSum, squaredLabels] = [0, 0, 0, 0];
      for (let i = unit.start; i < unit.end; i++) {
        const w = weights ? weights[i] : 1;
        const y = labels[i] - labelShift;
        weightSum += w;
        squaredWeights += w * w;
        labelSum += w * y;
        squaredLabels += w * y * y;
        if (numClasses > 0) output[MOMENTS_HEADER + labels[i]] += w;
      }
      output.set([rows, weightSum, squaredWeights, labelSum, squaredLabels]);
      const moments = output.subarray(MOMENTS_HEADER + numClasses);
      if (block.form === "dense") {
        kernels.moments_dense(dense[0], dense[2], rows, d, shift, sums);
        moments.set(doublesAt(memory, sums, 2 * d));
        return;
      }
      const [values, indices, offsets, , weight, start, end] = csr;
      kernels.moments_csr(values, indices, offsets, weight, start, end, d, shift, sums);
      const stored = doublesAt(memory, sums, 3 * d);
      for (let j = 0; j < d; j++) {
        // Zeros that are not stored lie at a distance of -shift.
        const missing = weightSum - stored[2 * d + j];
        const s = worker.input[j];
        moments[j] = stored[j] - missing * s;
        moments[d + j] = stored[d + j] + missing * s * s;
      }
    };
  },
});
