import type { PassBlock, Passes, PassRequest } from "../../exec/index.js";
import type { InstanceBlock, InstanceLayout } from "../base/index.js";
import {
  Input,
  kmeansInputLength,
  KMeansOp,
  kmeansOutputLength,
  type KMeansPassConfig,
  kmeansScratch,
  kmeansPass,
} from "./kmeans-pass.js";

/** Opens passes on the session's pass threads. */
export type OpenPasses = <C>(request: PassRequest<C>) => Passes;

export interface KMeansPointsRequest {
  readonly layout: Pick<InstanceLayout, "blocks" | "numRows" | "numFeatures" | "units">;
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
  private readonly passes: Passes;
  private readonly unitBlocks: readonly number[];

  constructor(private readonly request: KMeansPointsRequest) {
    const { layout, open, k, cosine, pieces } = request;
    this.numFeatures = layout.numFeatures;
    this.cosine = cosine;
    this.capacity = Math.max(k, MIN_CAPACITY);
    const config: KMeansPassConfig = { capacity: this.capacity, numFeatures: this.numFeatures, cosine };
    const units = layout.units(pieces);
    this.unitBlocks = units.map(({ block }) => block);
    this.passes = open({
      kernel: kmeansPass.name,
      config,
      blocks: layout.blocks,
      units,
      inputLength: kmeansInputLength(config),
      outputLength: kmeansOutputLength(config),
      scratchBytes: kmeansScratch(config, Math.max(0, ...units.map(({ start, end }) => end - start))).bytes,
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
    if (before && !this.cosine && count <= MAX_BOUNDED) this.sendMoves(centers, before, count);
    await this.run(KMeansOp.Step);
    const total = this.sum(count * (1 + this.numFeatures));
    return { weights: total.subarray(0, count), sums: total.subarray(count) };
  }

  private sendMoves(centers: Float64Array, before: Float64Array, count: number): void {
    const { input } = this.passes;
    const { numFeatures: size, capacity } = this;
    const drift = Input.centers + capacity * size;
    const half = drift + capacity;
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

  /** Lowers the points' costs by further centres, the first of which has number `first`; returns the sum of the costs. */
  async lowerCosts(centers: Float64Array, first: number): Promise<number> {
    const chunk = this.capacity * this.numFeatures;
    let total = 0;
    for (let at = 0; at < centers.length; at += chunk) {
      this.send(centers.subarray(at, at + chunk));
      this.passes.input[Input.base] = first + at / this.numFeatures;
      await this.run(KMeansOp.Lower);
      [total] = this.sum(1);
    }
    return total;
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
    const kept: Float64Array[][] = this.unitBlocks.map(() => []);
    for (let skip = 0; ;) {
      const { input } = this.passes;
      input[Input.seed] = seed;
      input[Input.k] = k;
      input[Input.total] = total;
      input[Input.skip] = skip;
      await this.run(KMeansOp.Sample);
      let most = 0;
      let room = 0;
      this.unitBlocks.forEach((block, unit) => {
        const output = this.passes.output(unit);
        room = output.length - 1;
        most = Math.max(most, output[0]);
        for (let i = 0; i < Math.min(room, output[0] - skip); i++) kept[unit].push(this.pointIn(block, output[1 + i]));
      });
      skip += room;
      if (skip >= most) return kept.flat();
    }
  }

  /** Computes the points' lengths, which cosine distances need; returns how many points have length 0. */
  async findLengths(): Promise<number> {
    await this.run(KMeansOp.Scales);
    return this.sum(1)[0];
  }

  /** The point in a row of all, as a dense vector. */
  point(row: number): Float64Array {
    let rest = row;
    const { blocks } = this.request.layout;
    const block = blocks.findIndex(({ info }) => {
      if (rest < info.rows) return true;
      rest -= info.rows;
      return false;
    });
    return this.pointIn(block, rest);
  }

  close(): void {
    this.passes.close();
  }

  private pointIn(block: number, row: number): Float64Array {
    return densePoint(this.request.layout.blocks[block], row);
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

function densePoint({ memory, info }: PassBlock & { readonly info: InstanceBlock }, row: number): Float64Array {
  const { buffer } = memory;
  const size = info.numFeatures;
  if (info.form === "dense") return new Float64Array(buffer, info.values + 8 * row * size, size).slice();
  const [start, end] = new Int32Array(buffer, info.offsets + 4 * row, 2);
  const point = new Float64Array(size);
  const indices = new Int32Array(buffer, info.indices + 4 * start, end - start);
  new Float64Array(buffer, info.values + 8 * start, end - start).forEach((value, i) => (point[indices[i]] = value));
  return point;
}
