import type { KMeansPassConfig } from "./kmeans-scratch.js";

/**
 * What a pass over the points does. Centres that are sent have length 1 when the distance is the cosine one.
 *
 * | op      | input                                           | output                                             |
 * |---------|-------------------------------------------------|----------------------------------------------------|
 * | Step    | k centres, how far each moved, the step's number| weight of each cluster, then the weighted sums     |
 * | Cost    | the k centres of the last Step, its number      | weighted distances to them                         |
 * | Sizes   | k centres                                       | number of points of each cluster                   |
 * | Lower   | history                                         | sum of the points' costs                           |
 * | Count   | history, number of centres and of the first     | number of points nearest to each of these          |
 * | Sample  | history, seed, k, sum of costs, points to skip  | number of points kept, then those points           |
 * | Points  | number of rows, then their numbers in all       | number of them that are here, then those points    |
 * | Scales  |                                                 | number of points of length 0                       |
 *
 * The history is the sets of centres that the points' costs were lowered by, each its length and its centres: whoever has
 * lost the costs works through it again.
 */
export const KMeansOp = { Step: 0, Cost: 1, Sizes: 2, Lower: 3, Count: 4, Sample: 5, Points: 6, Scales: 7 } as const;

/** Slots of the input before the centres. */
export const Input = {
  count: 0,
  base: 1,
  seed: 2,
  k: 3,
  total: 4,
  skip: 5,
  moved: 6,
  step: 7,
  sets: 8,
  centers: 16,
} as const;

/** Where how far each centre moved, then half its distance to the closest other, then the history start in the input. */
export const driftAt = ({ capacity, numFeatures }: KMeansPassConfig): number => Input.centers + capacity * numFeatures;
export const halfAt = (config: KMeansPassConfig): number => driftAt(config) + config.capacity;
export const historyAt = (config: KMeansPassConfig): number => halfAt(config) + config.capacity;

/** Doubles of input. */
export const kmeansInputLength = (config: KMeansPassConfig): number => historyAt(config) + config.historyLength;

/** Doubles of output that a pass over `capacity` centres needs. */
export const kmeansOutputLength = ({ capacity, numFeatures }: KMeansPassConfig): number => capacity * (numFeatures + 1);
