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

/** What is left of a sum of squares when a mean is far from its shift; below it the digits of the deviation are gone. */
const CANCELLED = 1e-6;

async function measure(layout: InstanceLayout, open: OpenPasses, classes: boolean): Promise<TrainingMoments> {
  const numClasses = classes ? 1 + largestLabel(layout) : 0;
  const { numFeatures: d } = layout;
  const config = { numFeatures: d, numClasses };
  const passes = open({
    kernel: momentsPass.name,
    config,
    ...layout.passes,
    units: layout.units(16),
    inputLength: d + 1,
    outputLength: momentsOutputLength(config),
    scratchBytes: momentsScratchBytes(d),
  });
  const about = async (shift: Float64Array): Promise<{ moments: TrainingMoments; exact: boolean }> => {
    passes.input.set(shift);
    await passes.run();
    return momentsAbout(shift, passes.sum(), config);
  };
  try {
    // About the first row, constant columns have a deviation of exactly zero.
    const first = await about(firstRow(layout));
    if (first.exact) return first.moments;
    const { mean, labelMean } = first.moments;
    return (await about(Float64Array.from([...mean, labelMean]))).moments;
  } finally {
    passes.close();
  }
}

function momentsAbout(shift: Float64Array, sums: Float64Array, { numFeatures: d, numClasses }: MomentsPassConfig) {
  const [count, weightSum, squaredWeights, labelSum, squaredLabels] = sums;
  const features = sums.subarray(MOMENTS_HEADER + numClasses);
  const freedom = weightSum - squaredWeights / weightSum;
  let exact = true;
  const std = (sum: number, squares: number): number => {
    const centred = squares - (sum * sum) / weightSum;
    if (centred < CANCELLED * squares) exact = false;
    return freedom > 0 ? Math.sqrt(Math.max(centred / freedom, 0)) : 0;
  };
  const moments: TrainingMoments = {
    count,
    weightSum,
    labelMean: shift[d] + labelSum / weightSum,
    labelStd: std(labelSum, squaredLabels),
    histogram: [...sums.subarray(MOMENTS_HEADER, MOMENTS_HEADER + numClasses)],
    mean: Float64Array.from({ length: d }, (_, j) => shift[j] + features[j] / weightSum),
    std: Float64Array.from({ length: d }, (_, j) => std(features[j], features[d + j])),
  };
  return { moments, exact };
}

/** The layout step has noted the largest label of each block. */
function largestLabel(layout: InstanceLayout): number {
  return Math.max(0, ...layout.blocks.map(({ info }) => info.largestLabel));
}

/** Features and label of the first row. */
function firstRow(layout: InstanceLayout): Float64Array {
  const { numFeatures, first } = layout.blocks[0].info;
  const row = new Float64Array(numFeatures + 1);
  if (first.indices) first.indices.forEach((j, k) => (row[j] = first.values[k]));
  else row.set(first.values);
  row[numFeatures] = first.label;
  return row;
}
