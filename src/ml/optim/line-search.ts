import { StepFailed } from "./minimizer.js";

/** Value and slope of the objective along the search direction. */
export interface Slope {
  readonly value: number;
  readonly slope: number;
}
export type LineFunction = (t: number) => Promise<Slope>;

interface Point extends Slope {
  readonly t: number;
}

const SUFFICIENT_DECREASE = 1e-4;
const CURVATURE = 0.9;

/** Minimiser of the cubic through two points and slopes (`l.t < r.t`), kept off the ends of the interval. */
function interpolate(l: Point, r: Point): number {
  const d1 = l.slope + r.slope - (3 * (l.value - r.value)) / (l.t - r.t);
  const d2 = Math.sqrt(d1 * d1 - l.slope * r.slope);
  const width = r.t - l.t;
  const t = r.t - (width * (r.slope + d2 - d1)) / (r.slope - l.slope + 2 * d2);
  const low = l.t + 0.1 * width;
  const high = l.t + 0.9 * width;
  if (t < low) return low;
  return t > high ? high : t;
}

export interface WolfeOptions {
  readonly maxZoom: number;
  readonly maxSteps: number;
  readonly initial: number;
  /** Largest step allowed. */
  readonly bound?: number;
}

/** Step that satisfies the strong Wolfe conditions (Nocedal and Wright, algorithms 3.5 and 3.6), or reaches the bound. */
export async function strongWolfe(f: LineFunction, options: WolfeOptions): Promise<number> {
  const { maxZoom, maxSteps, bound = Infinity } = options;
  const at = async (t: number): Promise<Point> => ({ t, ...(await f(t)) });
  const start = await at(0);
  if (start.slope > 0) throw new StepFailed(`Line search invoked with non-descent direction: ${start.slope}`);
  const tooHigh = (p: Point): boolean => p.value > start.value + SUFFICIENT_DECREASE * p.t * start.slope;
  const flat = (p: Point): boolean => Math.abs(p.slope) <= CURVATURE * Math.abs(start.slope);

  const zoom = async (from: Point, to: Point): Promise<number> => {
    let low = from;
    let high = to;
    for (let i = 0; i < maxZoom; i++) {
      const c = await at(low.t > high.t ? interpolate(high, low) : interpolate(low, high));
      if (tooHigh(c) || c.value >= low.value) {
        high = c;
        continue;
      }
      if (flat(c)) return c.t;
      if (c.slope * (high.t - low.t) >= 0) high = low;
      low = c;
    }
    throw new StepFailed("Line search zoom failed");
  };

  let low = start;
  let t = Math.min(options.initial, bound);
  for (let i = 0; i < maxSteps; i++) {
    const c = await at(t);
    if (!Number.isFinite(c.value)) {
      t /= 2;
      continue;
    }
    if (tooHigh(c) || (c.value >= low.value && i > 0)) return zoom(low, c);
    if (flat(c)) return c.t;
    if (c.slope >= 0) return zoom(c, low);
    low = c;
    if (t === bound) return bound;
    t = Math.min(1.5 * t, bound);
  }
  throw new StepFailed("Line search failed");
}

const MAX_BACKTRACKS = 20;
const GROW = 2.1;
const LEAST_STEP = 1e-10;
const LARGEST_STEP = 1e10;

export interface BacktrackOptions {
  readonly initial: number;
  readonly shrink: number;
  /** Taken for the value at the first step, as Breeze's OWL-QN does with the objective it starts from. */
  readonly assumedValue: number;
}

/** Breeze's backtracking search: the step shrinks or grows until the strong Wolfe conditions hold. */
export async function backtrack(f: LineFunction, options: BacktrackOptions): Promise<number> {
  const start = await f(0);
  let t = options.initial;
  let at: Slope = { value: options.assumedValue, slope: (await f(t)).slope };
  for (let i = 0; ; i++) {
    let factor = 1;
    if (at.value > start.value + t * start.slope * SUFFICIENT_DECREASE) factor = options.shrink;
    else if (at.slope < CURVATURE * start.slope) factor = GROW;
    else if (at.slope > -CURVATURE * start.slope) factor = options.shrink;
    if (factor === 1) return t;
    const next = t * factor;
    if (next < LEAST_STEP) throw new StepFailed("Step size underflow");
    if (next > LARGEST_STEP) throw new StepFailed("Step size overflow");
    at = await f(next);
    if (i + 1 >= MAX_BACKTRACKS) return t;
    t = next;
  }
}
