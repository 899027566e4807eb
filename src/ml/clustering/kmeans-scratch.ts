import { packedLength, tableWidth } from "../../kernels/kmeans/index.js";

export interface KMeansPassConfig {
  /** Centres that one pass takes at most. */
  readonly capacity: number;
  readonly numFeatures: number;
  readonly cosine: boolean;
  /** Doubles of input for the centres that costs were lowered by. */
  readonly historyLength: number;
}

/** Offsets of a unit's areas from its scratch address. */
export interface KMeansScratch {
  readonly packed: number;
  readonly offsets: number;
  readonly centers: number;
  readonly scores: number;
  readonly sums: number;
  readonly totals: number;
  readonly drift: number;
  readonly half: number;
  readonly work: number;
  /** Doubles, see `ScratchState`. */
  readonly state: number;
  readonly labels: number;
  readonly nearest: number;
  readonly costs: number;
  readonly scales: number;
  readonly bytes: number;
}

/**
 * What a unit's scratch holds, as doubles at `state`. All of it is a cache of what follows from rows and input: it is marked
 * as gone before it is changed and as there when it is whole, so that a pass may start again at any time.
 *
 * step      number of the Step whose labels (and bounds, in `costs` and `scales`) are there; 0: none
 * compared  rows of it that were compared with all centres; `bounded` whether there are bounds
 * lowered   sets of centres that `costs` and `nearest` account for, from the first on
 * scaled    1 when `scales` holds one over each row's norm
 */
export const ScratchState = { step: 0, compared: 1, bounded: 2, lowered: 3, scaled: 4 } as const;
const STATE_DOUBLES = 8;

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** The areas of units of at most `rows` rows. */
export function kmeansScratch({ capacity, numFeatures }: KMeansPassConfig, rows: number): KMeansScratch {
  const width = tableWidth(capacity);
  let next = 0;
  const take = (bytes: number): number => {
    const at = next;
    next += aligned(bytes);
    return at;
  };
  return {
    packed: take(8 * Math.max(packedLength(capacity, numFeatures), width * numFeatures)),
    offsets: take(8 * width),
    centers: take(8 * capacity * numFeatures),
    scores: take(8 * width),
    sums: take(8 * width * (numFeatures + 1)),
    totals: take(8 * width),
    drift: take(8 * width),
    half: take(8 * width),
    work: take(96),
    state: take(8 * STATE_DOUBLES),
    labels: take(4 * (rows + 4)),
    nearest: take(4 * rows),
    costs: take(8 * (rows + 4)),
    scales: take(8 * (rows + 4)),
    bytes: next,
  };
}
