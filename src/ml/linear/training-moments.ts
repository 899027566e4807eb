import type { Passes, PassRequest } from "../../exec/index.js";
import type { InstanceLayout } from "../base/index.js";
import {
  MOMENTS_HEADER,
  momentsOutputLength,
  momentsPass,
  type MomentsPassConfig,
  momentsScratchBytes,
} from "./moments-pass.js";

/** Weighted moments of the training data; deviations are unbiased, as those of Spark's summarizer. */
export interface TrainingMoments {
  readonly count: number;
  readonly weightSum: number;
  readonly labelMean: number;
  readonly labelStd: number;
  /** Weight of each class 0, 1, ..., up to the largest label; empty for a real-valued label. */
  readonly histogram: readonly number[];
  readonly mean: Float64Array;
  readonly std: Float64Array;
}

type OpenPasses = (request: PassRequest<MomentsPassConfig>) => Passes;

/** Settings of a sweep share the layout of their rows, and so its moments. */
const known = new WeakMap<InstanceLayout, Map<boolean, Promise<TrainingMoments>>>();

/** One pass over the data. */
export function trainingMoments(layout: InstanceLayout, open: OpenPasses, classes: boolean): Promise<TrainingMoments> {
  const ofLayout = known.get(layout) ?? new Map<boolean, Promise<TrainingMoments>>();
  known.set(layout, ofLayout);
  let moments = ofLayout.get(classes);
  if (!moments) ofLayout.set(classes, (moments = measure(layout, open, classes)));
  return moments;
}

async function measure(layout: InstanceLayout, open: OpenPasses, classes: boolean): Promise<TrainingMoments> {
  const numClasses = classes ? 1 + largestLabel(layout) : 0;
  const { numFeatures: d } = layout;
  const config = { numFeatures: d, numClasses };
  const passes = open({
    kernel: momentsPass.name,
    config,
    blocks: layout.blocks,
    units: layout.units(16),
    inputLength: d,
    outputLength: momentsOutputLength(config),
    scratchBytes: momentsScratchBytes(d),
  });
  try {
    passes.input.set(firstRow(layout));
    const shift = passes.input.slice();
    await passes.run();
    const sums = passes.sum();
    const [count, weightSum, squaredWeights, labelSum, squaredLabels] = sums;
    const freedom = weightSum - squaredWeights / weightSum;
    const std = (squares: number): number => (freedom > 0 ? Math.sqrt(Math.max(squares / freedom, 0)) : 0);
    const features = sums.subarray(MOMENTS_HEADER + numClasses);
    const mean = shift.map((s, j) => s + features[j] / weightSum);
    return {
      count,
      weightSum,
      labelMean: labelSum / weightSum,
      labelStd: std(squaredLabels - (labelSum * labelSum) / weightSum),
      histogram: [...sums.subarray(MOMENTS_HEADER, MOMENTS_HEADER + numClasses)],
      mean,
      std: mean.map((_, j) => std(features[d + j] - (features[j] * features[j]) / weightSum)),
    };
  } finally {
    passes.close();
  }
}

/** The layout step has noted the largest label of each block. */
function largestLabel(layout: InstanceLayout): number {
  return Math.max(0, ...layout.blocks.map(({ info }) => info.largestLabel));
}

function firstRow(layout: InstanceLayout): Float64Array {
  const [{ memory, info }] = layout.blocks;
  if (info.form === "dense") return new Float64Array(memory.buffer, info.values, info.numFeatures).slice();
  const row = new Float64Array(info.numFeatures);
  const end = new Int32Array(memory.buffer, info.offsets, 2)[1];
  const indices = new Int32Array(memory.buffer, info.indices, end);
  const values = new Float64Array(memory.buffer, info.values, end);
  indices.forEach((j, k) => (row[j] = values[k]));
  return row;
}
