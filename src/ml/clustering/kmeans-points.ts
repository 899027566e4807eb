import type { Passes, PassRequest, PassUnit } from "../../exec/index.js";
import type { InstanceLayout } from "../base/index.js";
import { driftAt, halfAt, historyAt, Input, kmeansInputLength, KMeansOp, kmeansOutputLength } from "./kmeans-input.js";
import { kmeansPass } from "./kmeans-pass.js";
import { type KMeansPassConfig, kmeansScratch } from "./kmeans-scratch.js";

/** Opens passes on the session's pass threads. */
export type OpenPasses = <C>(request: PassRequest<C>) => Passes;

export interface KMeansPointsRequest {
  readonly layout: Pick<InstanceLayout, "blocks" | "passes" | "numRows" | "numFeatures" | "units">;
  readonly open: OpenPasses;
  readonly k: number;
  readonly cosine: boolean;
  /** About how many pieces the points are worked on in. */
  readonly pieces: number;
  readonly signal?: AbortSignal | undefined;
}

/** Fewer centres than this a pass are not worth a pass over the points. */
const MIN_CAPACITY = 64;
/** With more centres than this, their distances from each other cost the driver more than bounds save. */
const MAX_BOUNDED = 256;

/** The points to cluster, as the driver sees them: what can be asked of all of them in one pass. */
export class KMeansPoints {
  readonly numFeatures: number;
  readonly cosine: boolean;
  private readonly capacity: number;
  private readonly units: readonly PassUnit[];
  private config: KMeansPassConfig;
  private passes: Passes;
  /** Sets of centres that costs were lowered by, as they lie in the input. */
  private history = new Float64Array(0);
  private sets = 0;
  private steps = 0;

  constructor(private readonly request: KMeansPointsRequest) {
    const { layout, k, cosine, pieces } = request;
    this.numFeatures = layout.numFeatures;
    this.cosine = cosine;
    this.capacity = Math.max(k, MIN_CAPACITY);
    this.units = layout.units(pieces);
    const historyLength = 4 * (this.capacity * this.numFeatures + 1);
    this.config = { capacity: this.capacity, numFeatures: this.numFeatures, cosine, historyLength };
    this.passes = this.open();
  }

  private open(): Passes {
    const { request, units, config } = this;
    const rows = units.reduce((most, { start, end }) => Math.max(most, end - start), 0);
    return request.open({
      ...request.layout.passes,
      kernel: kmeansPass.name,
      config,
      units,
      inputLength: kmeansInputLength(config),
      outputLength: kmeansOutputLength(config),
      scratchBytes: kmeansScratch(config, rows).bytes,
    });
  }

  get numRows(): number {
    return this.request.layout.numRows;
  }

  /** Rows of each partition, up to the last one that has any. */
  partitionSizes(): number[] {
    const sizes: number[] = [];
    for (const { info } of this.request.layout.blocks) {
      while (sizes.length <= info.partition) sizes.push(0);
      sizes[info.partition] += info.rows;
    }
    return sizes;
  }

  /**
   * Weight of each of the clusters around `centers`, followed by the weighted sums of their points. With the centres of the
   * step before, only points that may have changed cluster are compared with all centres.
   */
  async step(centers: Float64Array, before?: Float64Array): Promise<{ weights: Float64Array; sums: Float64Array }> {
    const count = this.send(centers);
    this.passes.input[Input.moved] = 0;
    this.passes.input[Input.step] = ++this.steps;
    if (before && !this.cosine && count <= MAX_BOUNDED) this.sendMoves(centers, before, count);
    await this.run(KMeansOp.Step);
    const total = this.sum(count * (1 + this.numFeatures));
    return { weights: total.subarray(0, count), sums: total.subarray(count) };
  }

  private sendMoves(centers: Float64Array, before: Float64Array, count: number): void {
    const { input } = this.passes;
    const { numFeatures: size } = this;
    const [drift, half] = [driftAt(this.config), halfAt(this.config)];
    input[Input.moved] = 1;
    input.fill(Infinity, half, half + count);
    for (let i = 0; i < count; i++) {
      input[drift + i] = distance(centers, i, before, i, size);
      for (let j = 0; j < i; j++) {
        const apart = distance(centers, i, centers, j, size) / 2;
        input[half + i] = Math.min(input[half + i], apart);
        input[half + j] = Math.min(input[half + j], apart);
      }
    }
  }

  /** Sum of the points' weighted distances to `centers`, with the clusters of the last step. */
  async cost(centers: Float64Array): Promise<number> {
    this.send(centers);
    await this.run(KMeansOp.Cost);
    return this.sum(1)[0];
  }

  /** Number of points nearest to each centre. */
  async sizes(centers: Float64Array): Promise<number[]> {
    const count = this.send(centers);
    await this.run(KMeansOp.Sizes);
    return [...this.sum(count)];
  }

  /** Lowers the points' costs by further centres; returns the sum of the costs. */
  async lowerCosts(centers: Float64Array): Promise<number> {
    const chunk = this.capacity * this.numFeatures;
    let total = 0;
    for (let at = 0; at < centers.length; at += chunk) {
      this.remember(centers.subarray(at, at + chunk));
      await this.run(KMeansOp.Lower);
      [total] = this.sum(1);
    }
    return total;
  }

  /** Appends a set of centres to the history, for which the input may have to become longer. */
  private remember(centers: Float64Array): void {
    const history = new Float64Array(this.history.length + 1 + centers.length);
    history.set(this.history);
    history[this.history.length] = centers.length / this.numFeatures;
    history.set(this.cosine ? normalized(centers, this.numFeatures) : centers, this.history.length + 1);
    this.history = history;
    this.sets++;
    if (history.length > this.config.historyLength) {
      this.passes.close();
      this.config = { ...this.config, historyLength: 2 * history.length };
      this.passes = this.open();
    }
    this.passes.input.set(history, historyAt(this.config));
    this.passes.input[Input.sets] = this.sets;
  }

  /** Number of points nearest to each of the `n` centres that costs were lowered by. */
  async countNearest(n: number): Promise<Float64Array> {
    const counts = new Float64Array(n);
    for (let first = 0; first < n; first += this.capacity) {
      const count = Math.min(this.capacity, n - first);
      this.passes.input[Input.count] = count;
      this.passes.input[Input.base] = first;
      await this.run(KMeansOp.Count);
      counts.set(this.sum(count), first);
    }
    return counts;
  }

  /** Points kept with probability 2 k cost / total, in order; partition p draws from `seed ^ p`. */
  async sample(seed: number, k: number, total: number): Promise<Float64Array[]> {
    const kept: Float64Array[][] = this.units.map(() => []);
    const room = Math.floor((kmeansOutputLength(this.config) - 1) / this.numFeatures);
    for (let skip = 0; ;) {
      const { input } = this.passes;
      input[Input.seed] = seed;
      input[Input.k] = k;
      input[Input.total] = total;
      input[Input.skip] = skip;
      await this.run(KMeansOp.Sample);
      let most = 0;
      kept.forEach((points, unit) => {
        const [count] = this.passes.output(unit);
        most = Math.max(most, count);
        points.push(...this.pointsOf(unit, Math.min(room, count - skip)));
      });
      skip += room;
      if (skip >= most) return kept.flat();
    }
  }

  private pointsOf(unit: number, count: number): Float64Array[] {
    const output = this.passes.output(unit);
    const { numFeatures: d } = this;
    return Array.from({ length: Math.max(0, count) }, (_, i) => output.slice(1 + i * d, 1 + (i + 1) * d));
  }

  /** Computes the points' lengths, which cosine distances need; returns how many points have length 0. */
  async findLengths(): Promise<number> {
    await this.run(KMeansOp.Scales);
    return this.sum(1)[0];
  }

  /** The points in these rows of all, as dense vectors. */
  async points(rows: readonly number[]): Promise<Float64Array[]> {
    const { blocks } = this.request.layout;
    const blockStarts: number[] = [];
    blocks.reduce((start, { info }, i) => (blockStarts[i] = start) + info.rows, 0);
    const points: Float64Array[] = [];
    for (let from = 0; from < rows.length; from += this.capacity) {
      const asked = rows.slice(from, from + this.capacity);
      this.passes.input[Input.count] = asked.length;
      this.passes.input.set(asked, Input.centers);
      await this.run(KMeansOp.Points);
      const found = this.units.map(({ block, start, end }, unit) => {
        const first = blockStarts[block];
        return { first: first + start, end: first + end, points: this.pointsOf(unit, this.passes.output(unit)[0]) };
      });
      for (const row of asked) points.push(found.find(({ first, end }) => row >= first && row < end)!.points.shift()!);
    }
    return points;
  }

  close(): void {
    this.passes.close();
  }

  /** Puts centres into the input, at length 1 when the distance is the cosine one; returns how many there are. */
  private send(centers: Float64Array): number {
    const { input } = this.passes;
    const count = centers.length / this.numFeatures;
    input[Input.count] = count;
    input.set(this.cosine ? normalized(centers, this.numFeatures) : centers, Input.centers);
    return count;
  }

  private run(op: number): Promise<void> {
    return this.passes.run(op, this.request.signal);
  }

  private sum(length: number): Float64Array {
    const total = new Float64Array(length);
    for (let unit = 0; unit < this.passes.numUnits; unit++) {
      const part = this.passes.output(unit);
      for (let i = 0; i < length; i++) total[i] += part[i];
    }
    return total;
  }
}

/** Euclidean distance of row `i` of `a` and row `j` of `b`. */
function distance(a: Float64Array, i: number, b: Float64Array, j: number, size: number): number {
  let sum = 0;
  for (let f = 0; f < size; f++) sum += (a[i * size + f] - b[j * size + f]) ** 2;
  return Math.sqrt(sum);
}

/** The centres at Euclidean length 1. */
export function normalized(centers: Float64Array, size: number): Float64Array {
  const out = new Float64Array(centers.length);
  for (let at = 0; at < centers.length; at += size) {
    const norm = Math.sqrt(centers.subarray(at, at + size).reduce((sum, value) => sum + value * value, 0));
    for (let f = 0; f < size; f++) out[at + f] = centers[at + f] / norm;
  }
  return out;
}
