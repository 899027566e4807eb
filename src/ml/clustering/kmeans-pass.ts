import { definePassKernel, type PassBlock, type PassUnit, type PassWorker } from "../../exec/index.js";
import { packCenters, packedLength, tableWidth, tabulateCenters } from "../../kernels/kmeans/index.js";
import { XORShiftRandom } from "../../common/index.js";
import type { InstanceBlock } from "../base/index.js";

/**
 * What a pass over the points does. Centres that are sent have length 1 when the distance is the cosine one.
 *
 * | op      | input                                | output                                             |
 * |---------|--------------------------------------|----------------------------------------------------|
 * | Step    | k centres, how far each moved        | weight of each cluster, then the weighted sums     |
 * | Cost    | k centres                            | weighted distances to the centres of the last Step |
 * | Sizes   | k centres                            | number of points of each cluster                   |
 * | Lower   | some centres, number of the first    | sum of the points' costs                           |
 * | Count   | number of centres and of the first   | number of points nearest to each, since Lower      |
 * | Sample  | seed, k, sum of costs, points to skip| number of points kept, then their row numbers      |
 * | Scales  |                                      | number of points of length 0                       |
 */
export const KMeansOp = { Step: 0, Cost: 1, Sizes: 2, Lower: 3, Count: 4, Sample: 5, Scales: 6 } as const;

/** Slots of the input before the centres. */
export const Input = { count: 0, base: 1, seed: 2, k: 3, total: 4, skip: 5, moved: 6, centers: 8 } as const;

export interface KMeansPassConfig {
  /** Centres that one pass takes at most. */
  readonly capacity: number;
  readonly numFeatures: number;
  readonly cosine: boolean;
}

interface Scratch {
  readonly packed: number;
  readonly offsets: number;
  readonly centers: number;
  readonly scores: number;
  readonly sums: number;
  readonly totals: number;
  readonly counts: number;
  readonly drift: number;
  readonly half: number;
  readonly work: number;
  /** Doubles: 1 while bounds and sums follow from the last Step; rows of it that were compared with all centres. */
  readonly state: number;
  readonly labels: number;
  readonly nearest: number;
  readonly costs: number;
  readonly scales: number;
  readonly bytes: number;
}

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** Offsets of a unit's areas from its scratch address, for units of at most `rows` rows. */
export function kmeansScratch({ capacity, numFeatures }: KMeansPassConfig, rows: number): Scratch {
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
    counts: take(8 * width),
    drift: take(8 * width),
    half: take(8 * width),
    work: take(96),
    state: take(16),
    labels: take(4 * (rows + 4)),
    nearest: take(4 * rows),
    costs: take(8 * (rows + 4)),
    scales: take(8 * (rows + 4)),
    bytes: next,
  };
}

type Kernels = Record<string, (...args: (number | bigint)[]) => number>;

/** Runs the k-means operations on units of the training data. */
export const kmeansPass = definePassKernel<KMeansPassConfig>({
  name: "ml.kmeans",
  open: (worker) => {
    const before = rowsBefore(worker.blocks);
    const areas = kmeansScratch(worker.config, Math.max(0, ...worker.units.map(({ start, end }) => end - start)));
    const units: UnitPass[] = [];
    return (unit, op) => {
      units[unit] ??= new UnitPass(worker, unit, areas, before[worker.units[unit].block]);
      units[unit].run(op);
    };
  },
});

/** Rows of the same partition that lie in earlier blocks. */
function rowsBefore(blocks: readonly PassBlock[]): number[] {
  const seen = new Map<number, number>();
  return blocks.map(({ info }) => {
    const { partition, rows } = info as InstanceBlock;
    const before = seen.get(partition) ?? 0;
    seen.set(partition, before + rows);
    return before;
  });
}

class UnitPass {
  private readonly unit: PassUnit;
  private readonly memory: WebAssembly.Memory;
  private readonly block: InstanceBlock;
  private readonly kernels: Kernels;
  private readonly at: Scratch;
  private readonly rows: number;
  private readonly weights: number;

  constructor(
    private readonly worker: PassWorker<KMeansPassConfig>,
    unit: number,
    areas: Scratch,
    private readonly rowsBefore: number,
  ) {
    this.unit = worker.units[unit];
    const { memory, info } = worker.blocks[this.unit.block];
    this.memory = memory;
    this.block = info as InstanceBlock;
    this.kernels = worker.kernels(this.unit.block) as unknown as Kernels;
    const base = worker.scratch(unit);
    this.at = Object.fromEntries(
      Object.entries(areas).map(([name, offset]) => [name, base + (offset as number)]),
    ) as unknown as Scratch;
    this.rows = this.unit.end - this.unit.start;
    this.weights = this.block.weight === 0 ? 0 : this.block.weight + 8 * this.unit.start;
    this.output = worker.output(unit);
  }
  private readonly output: Float64Array;

  run(op: number): void {
    switch (op) {
      case KMeansOp.Step:
        return this.step();
      case KMeansOp.Cost:
        this.loadCenters();
        this.output[0] = this.cost();
        return;
      case KMeansOp.Sizes:
        this.clear();
        this.label(this.loadCenters(), 0, 0);
        this.output.set(this.doubles(this.at.totals, this.count));
        return;
      case KMeansOp.Lower:
        return this.lower();
      case KMeansOp.Count:
        return this.countNearest();
      case KMeansOp.Sample:
        return this.sample();
      default:
        this.output[0] = this.findScales();
    }
  }

  private get count(): number {
    return this.worker.input[Input.count];
  }
  private get scales(): number {
    return this.worker.config.cosine ? this.at.scales : 0;
  }
  private doubles(at: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, length);
  }
  private clear(): void {
    this.doubles(this.at.sums, this.count * this.block.numFeatures).fill(0);
    this.doubles(this.at.totals, this.count).fill(0);
    this.doubles(this.at.counts, this.count).fill(0);
    this.doubles(this.at.state, 1)[0] = 0;
  }

  /** Copies the centres from the input into the layouts of the kernels; returns how many there are. */
  private loadCenters(): number {
    const { input, config } = this.worker;
    const { numFeatures } = this.block;
    const centers = input.subarray(Input.centers, Input.centers + this.count * numFeatures);
    this.doubles(this.at.centers, centers.length).set(centers);
    if (this.block.form === "dense") {
      const packed = this.doubles(this.at.packed, packedLength(this.count, numFeatures));
      packCenters(centers, this.count, numFeatures, config.cosine, packed);
    } else {
      const table = this.doubles(this.at.packed, tableWidth(this.count) * numFeatures);
      const offsets = this.doubles(this.at.offsets, tableWidth(this.count));
      tabulateCenters(centers, this.count, numFeatures, config.cosine, table, offsets);
    }
    return this.count;
  }

  /** Labels every row with its nearest centre, and adds rows and weights up where there is room given for it. */
  private label(count: number, weights: number, sums: number): void {
    const { kernels, block, at, rows, unit } = this;
    const { numFeatures } = block;
    const exact = this.worker.config.cosine ? 0 : at.centers;
    if (block.form === "dense") {
      const x = block.values + 8 * unit.start * numFeatures;
      const added = [at.labels, weights, this.scales, sums, at.totals, at.counts];
      // Costs and scales are free for the bounds: Lloyd's iterations come after the costs, and only cosine has scales.
      const bounds = sums === 0 || this.worker.config.cosine ? [0, 0] : [at.costs, at.scales];
      kernels.kmeans_pass(x, rows, numFeatures, at.packed, count, exact, ...added, ...bounds);
    } else {
      const indptr = block.offsets + 4 * unit.start;
      const csr = [indptr, block.indices, block.values, rows, numFeatures];
      const tables = [at.packed, at.offsets, tableWidth(count), exact, at.scores];
      kernels.kmeans_pass_sparse(...csr, ...tables, at.labels, weights, this.scales, sums, at.totals);
    }
  }

  private step(): void {
    const count = this.loadCenters();
    const state = this.doubles(this.at.state, 2);
    if (this.worker.input[Input.moved] === 1 && state[0] === 1 && state[1] <= this.rows / 2) {
      state[1] = this.update(count);
    } else {
      this.clear();
      this.label(count, this.weights, this.at.sums);
      state[0] = this.block.form === "dense" && !this.worker.config.cosine ? 1 : 0;
      state[1] = 0;
    }
    this.output.set(this.doubles(this.at.totals, count));
    this.output.set(this.doubles(this.at.sums, count * this.block.numFeatures), count);
  }

  /** Moves the rows whose nearest centre changed; returns how many had to be compared with all centres. */
  private update(count: number): number {
    const { at, block, rows, unit } = this;
    const { input, config } = this.worker;
    const after = Input.centers + config.capacity * config.numFeatures;
    this.doubles(at.drift, count).set(input.subarray(after, after + count));
    this.doubles(at.half, count).set(input.subarray(after + config.capacity, after + config.capacity + count));
    const x = block.values + 8 * unit.start * block.numFeatures;
    const centers = [at.packed, count, at.centers, at.labels, this.weights, at.sums, at.totals, at.counts];
    const bounds = [at.costs, at.scales, at.drift, at.half, at.work];
    return this.kernels.kmeans_update(x, rows, block.numFeatures, ...centers, ...bounds);
  }

  private cost(): number {
    const { kernels, block, at, rows, unit, weights, scales } = this;
    const { numFeatures } = block;
    if (block.form === "dense") {
      const x = block.values + 8 * unit.start * numFeatures;
      return kernels.kmeans_cost(x, rows, numFeatures, at.centers, at.labels, weights, scales);
    }
    const csr = [block.offsets + 4 * unit.start, block.indices, block.values, rows, numFeatures];
    return kernels.kmeans_cost_sparse(...csr, at.centers, at.offsets, at.labels, weights, scales);
  }

  private lower(): void {
    const { kernels, block, at, rows, unit, scales } = this;
    const { numFeatures } = block;
    const base = this.worker.input[Input.base];
    if (base === 0) this.doubles(at.costs, rows).fill(Infinity);
    this.clear();
    this.label(this.loadCenters(), 0, 0);
    const targets = [at.labels, scales, at.costs, at.nearest, base];
    if (block.form === "dense") {
      const x = block.values + 8 * unit.start * numFeatures;
      this.output[0] = kernels.kmeans_lower(x, rows, numFeatures, at.centers, ...targets);
    } else {
      const csr = [block.offsets + 4 * unit.start, block.indices, block.values, rows, numFeatures];
      this.output[0] = kernels.kmeans_lower_sparse(...csr, at.centers, at.offsets, ...targets);
    }
  }

  private countNearest(): void {
    const base = this.worker.input[Input.base];
    const counts = this.output.fill(0, 0, this.count);
    for (const center of new Int32Array(this.memory.buffer, this.at.nearest, this.rows)) {
      if (center >= base && center < base + this.count) counts[center - base]++;
    }
  }

  private sample(): void {
    const { input } = this.worker;
    const { state } = new XORShiftRandom(input[Input.seed] ^ this.block.partition);
    const out = this.at.sums;
    const room = this.output.length - 1;
    const skip = input[Input.skip];
    const before = this.rowsBefore + this.unit.start;
    const { costs } = this.at;
    const kept = this.kernels.kmeans_sample(
      costs,
      this.rows,
      input[Input.k],
      input[Input.total],
      state,
      before,
      skip,
      out,
      room,
    );
    this.output[0] = kept;
    const listed = Math.max(0, Math.min(room, kept - skip));
    const rows = this.doubles(out, listed);
    for (let i = 0; i < listed; i++) this.output[1 + i] = this.unit.start + rows[i];
  }

  private findScales(): number {
    const { kernels, block, at, rows, unit } = this;
    if (block.form === "dense") {
      return kernels.kmeans_scales(
        block.values + 8 * unit.start * block.numFeatures,
        rows,
        block.numFeatures,
        at.scales,
      );
    }
    return kernels.kmeans_scales_sparse(block.offsets + 4 * unit.start, block.values, rows, at.scales);
  }
}

/** Doubles of input: the slots, the centres, and for a Step how far each moved and half its distance to the closest other. */
export const kmeansInputLength = ({ capacity, numFeatures }: KMeansPassConfig): number =>
  Input.centers + capacity * (numFeatures + 2);

/** Doubles of output that a pass over `capacity` centres needs. */
export const kmeansOutputLength = ({ capacity, numFeatures }: KMeansPassConfig): number => capacity * (numFeatures + 1);
