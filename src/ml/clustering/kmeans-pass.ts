import { definePassKernel, type PassUnit, type PassWorker } from "../../exec/index.js";
import { packCenters, packedLength, tableWidth, tabulateCenters } from "../../kernels/kmeans/index.js";
import { XORShiftRandom } from "../../common/index.js";
import type { InstanceBlock } from "../base/index.js";
import { driftAt, halfAt, historyAt, Input, KMeansOp } from "./kmeans-input.js";
import { type KMeansPassConfig, type KMeansScratch, kmeansScratch, ScratchState } from "./kmeans-scratch.js";

type Kernels = Record<string, (...args: (number | bigint)[]) => number>;

/**
 * Runs the k-means operations on units of the training data. Labels, costs and bounds in a unit's scratch only save work:
 * whoever finds them gone (a unit of a file block, a block computed again) derives them from the input, with the same results.
 */
export const kmeansPass = definePassKernel<KMeansPassConfig>({
  name: "ml.kmeans",
  open: (worker) => {
    const starts = rowStarts(worker.blocks.map(({ info }) => info as InstanceBlock));
    const areas = kmeansScratch(worker.config, Math.max(0, ...worker.units.map(({ start, end }) => end - start)));
    const units: UnitPass[] = [];
    return (unit, op) => {
      units[unit] ??= new UnitPass(worker, unit, areas, starts[worker.units[unit].block]);
      units[unit].run(op);
    };
  },
});

/** Rows before each block: of its partition, and of all. */
function rowStarts(blocks: readonly InstanceBlock[]): { readonly inPartition: number; readonly inAll: number }[] {
  const seen = new Map<number, number>();
  let inAll = 0;
  return blocks.map(({ partition, rows }) => {
    const start = { inPartition: seen.get(partition) ?? 0, inAll };
    seen.set(partition, start.inPartition + rows);
    inAll += rows;
    return start;
  });
}

class UnitPass {
  private readonly unit: PassUnit;
  private readonly memory: WebAssembly.Memory;
  private readonly block: InstanceBlock;
  private readonly kernels: Kernels;
  private readonly at: KMeansScratch;
  private readonly rows: number;
  private readonly weights: number;
  private readonly output: Float64Array;
  private readonly keeps: boolean;

  constructor(
    private readonly worker: PassWorker<KMeansPassConfig>,
    unit: number,
    areas: KMeansScratch,
    private readonly before: { readonly inPartition: number; readonly inAll: number },
  ) {
    this.unit = worker.units[unit];
    const { memory, info } = worker.blocks[this.unit.block];
    this.memory = memory;
    this.block = info as InstanceBlock;
    this.kernels = worker.kernels(this.unit.block) as unknown as Kernels;
    const base = worker.scratch(unit);
    this.at = Object.fromEntries(
      Object.entries(areas).map(([name, offset]) => [name, base + (offset as number)]),
    ) as unknown as KMeansScratch;
    this.rows = this.unit.end - this.unit.start;
    this.weights = this.block.weight === 0 ? 0 : this.block.weight + 8 * this.unit.start;
    this.output = worker.output(unit);
    this.keeps = worker.keepsScratch(this.unit.block);
  }

  run(op: number): void {
    if (!this.keeps) this.state.fill(0);
    switch (op) {
      case KMeansOp.Step:
        return this.step();
      case KMeansOp.Cost:
        this.output[0] = this.cost();
        return;
      case KMeansOp.Sizes:
        this.label(this.inputCenters(), { totals: true });
        this.output.set(this.doubles(this.at.totals, this.count));
        return;
      case KMeansOp.Lower:
        this.output[0] = this.lower();
        return;
      case KMeansOp.Count:
        return this.countNearest();
      case KMeansOp.Sample:
        return this.sample();
      case KMeansOp.Points:
        return this.listPoints();
      default:
        this.output[0] = this.findScales();
    }
  }

  private get state(): Float64Array {
    return this.doubles(this.at.state, 8);
  }
  private get count(): number {
    return this.worker.input[Input.count];
  }
  private doubles(at: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, length);
  }
  private inputCenters(): Float64Array {
    return this.worker.input.subarray(Input.centers, Input.centers + this.count * this.block.numFeatures);
  }

  /** Address of one over the rows' norms for cosine distances, else null. */
  private scales(): number {
    if (!this.worker.config.cosine) return 0;
    if (this.state[ScratchState.scaled] !== 1) this.findScales();
    return this.at.scales;
  }

  /** Copies centres into the layouts of the kernels. */
  private loadCenters(centers: Float64Array): number {
    const { cosine } = this.worker.config;
    const { numFeatures } = this.block;
    const count = centers.length / numFeatures;
    this.doubles(this.at.centers, centers.length).set(centers);
    if (this.block.form === "dense") {
      const packed = this.doubles(this.at.packed, packedLength(count, numFeatures));
      packCenters(centers, count, numFeatures, cosine, packed);
    } else {
      const table = this.doubles(this.at.packed, tableWidth(count) * numFeatures);
      const offsets = this.doubles(this.at.offsets, tableWidth(count));
      tabulateCenters(centers, count, numFeatures, cosine, table, offsets);
    }
    return count;
  }

  /** Labels every row with its nearest centre; adds up rows and weights, or only counts rows, where that is asked for. */
  private label(centers: Float64Array, want: { sums?: boolean; totals?: boolean } = {}): void {
    const { kernels, block, at, rows, unit } = this;
    const { numFeatures } = block;
    const { cosine } = this.worker.config;
    const scales = this.scales();
    const count = this.loadCenters(centers);
    this.state[ScratchState.step] = 0;
    const totals = want.sums || want.totals ? at.totals : 0;
    if (totals) this.doubles(at.totals, count).fill(0);
    if (want.sums) this.doubles(at.sums, count * numFeatures).fill(0);
    const added = [want.sums ? this.weights : 0, scales, want.sums ? at.sums : 0, totals];
    const exact = cosine ? 0 : at.centers;
    if (block.form === "dense") {
      const x = block.values + 8 * unit.start * numFeatures;
      // Bounds take the place of the costs, which Lloyd's iterations have no use for, and of the scales that only cosine has.
      const bounded = want.sums && !cosine;
      if (bounded) this.state[ScratchState.lowered] = 0;
      const bounds = bounded ? [at.costs, at.scales] : [0, 0];
      kernels.kmeans_pass(x, rows, numFeatures, at.packed, count, exact, at.labels, ...added, ...bounds);
      this.state[ScratchState.bounded] = bounded ? 1 : 0;
    } else {
      const csr = [block.offsets + 4 * unit.start, block.indices, block.values, rows, numFeatures];
      const tables = [at.packed, at.offsets, tableWidth(count), exact, at.scores];
      kernels.kmeans_pass_sparse(...csr, ...tables, at.labels, ...added);
      this.state[ScratchState.bounded] = 0;
    }
  }

  private step(): void {
    const { input } = this.worker;
    const { state, at, count } = this;
    const { step, compared, bounded } = ScratchState;
    const follows = state[step] === input[Input.step] - 1 && state[bounded] === 1;
    if (input[Input.moved] === 1 && follows && state[compared] <= this.rows / 2) {
      state[compared] = this.update();
    } else {
      this.label(this.inputCenters(), { sums: true });
      state[compared] = 0;
    }
    state[step] = input[Input.step];
    this.output.set(this.doubles(at.totals, count));
    this.output.set(this.doubles(at.sums, count * this.block.numFeatures), count);
  }

  /** Finds the labels from those of the step before; returns how many rows had to be compared with all centres. */
  private update(): number {
    const { at, block, rows, unit } = this;
    const { input, config } = this.worker;
    const { numFeatures } = block;
    const count = this.loadCenters(this.inputCenters());
    this.state[ScratchState.step] = 0;
    this.doubles(at.drift, count).set(input.subarray(driftAt(config), driftAt(config) + count));
    this.doubles(at.half, count).set(input.subarray(halfAt(config), halfAt(config) + count));
    this.doubles(at.totals, count).fill(0);
    this.doubles(at.sums, count * numFeatures).fill(0);
    const x = block.values + 8 * unit.start * numFeatures;
    const centers = [at.packed, count, at.centers, at.labels, this.weights, at.sums, at.totals];
    const bounds = [at.costs, at.scales, at.drift, at.half, at.work];
    return this.kernels.kmeans_update(x, rows, numFeatures, ...centers, ...bounds);
  }

  private cost(): number {
    const { kernels, block, at, rows, unit, weights } = this;
    const { numFeatures } = block;
    const scales = this.scales();
    if (this.state[ScratchState.step] === this.worker.input[Input.step]) this.loadCenters(this.inputCenters());
    else this.label(this.inputCenters());
    if (block.form === "dense") {
      const x = block.values + 8 * unit.start * numFeatures;
      return kernels.kmeans_cost(x, rows, numFeatures, at.centers, at.labels, weights, scales);
    }
    const csr = [block.offsets + 4 * unit.start, block.indices, block.values, rows, numFeatures];
    return kernels.kmeans_cost_sparse(...csr, at.centers, at.offsets, at.labels, weights, scales);
  }

  /** Brings the costs up to the last set of centres of the history; returns their sum. That set's part may be done twice. */
  private lower(): number {
    const { state } = this;
    const { input, config } = this.worker;
    const { numFeatures } = this.block;
    const sets = input[Input.sets];
    let known = state[ScratchState.lowered];
    if (known === 0 || known > sets) {
      known = 0;
      this.doubles(this.at.costs, this.rows).fill(Infinity);
    }
    let total = 0;
    let base = 0;
    let next = historyAt(config);
    for (let set = 0; set < sets; set++) {
      const count = input[next];
      if (set >= known || set === sets - 1) {
        total = this.lowerBy(input.subarray(next + 1, next + 1 + count * numFeatures), base);
        state[ScratchState.lowered] = set + 1;
      }
      base += count;
      next += 1 + count * numFeatures;
    }
    return total;
  }

  private lowerBy(centers: Float64Array, base: number): number {
    const { kernels, block, at, rows, unit } = this;
    const { numFeatures } = block;
    this.label(centers);
    const targets = [at.labels, this.scales(), at.costs, at.nearest, base];
    if (block.form === "dense") {
      const x = block.values + 8 * unit.start * numFeatures;
      return kernels.kmeans_lower(x, rows, numFeatures, at.centers, ...targets);
    }
    const csr = [block.offsets + 4 * unit.start, block.indices, block.values, rows, numFeatures];
    return kernels.kmeans_lower_sparse(...csr, at.centers, at.offsets, ...targets);
  }

  private haveCosts(): void {
    if (this.state[ScratchState.lowered] !== this.worker.input[Input.sets]) this.lower();
  }

  private countNearest(): void {
    this.haveCosts();
    const base = this.worker.input[Input.base];
    const counts = this.output.fill(0, 0, this.count);
    for (const center of new Int32Array(this.memory.buffer, this.at.nearest, this.rows)) {
      if (center >= base && center < base + this.count) counts[center - base]++;
    }
  }

  private sample(): void {
    this.haveCosts();
    const { input } = this.worker;
    const { state } = new XORShiftRandom(input[Input.seed] ^ this.block.partition);
    const room = Math.floor((this.output.length - 1) / this.block.numFeatures);
    const skip = input[Input.skip];
    const before = this.before.inPartition + this.unit.start;
    const drawn = [input[Input.k], input[Input.total], state, before, skip, this.at.sums, room];
    const kept = this.kernels.kmeans_sample(this.at.costs, this.rows, ...drawn);
    this.output[0] = kept;
    const listed = Math.max(0, Math.min(room, kept - skip));
    const rows = this.doubles(this.at.sums, listed).slice();
    rows.forEach((row, i) => this.writePoint(row, i));
  }

  private listPoints(): void {
    const { input } = this.worker;
    const first = this.before.inAll + this.unit.start;
    let found = 0;
    for (const row of input.subarray(Input.centers, Input.centers + this.count)) {
      if (row >= first && row < first + this.rows) this.writePoint(row - first, found++);
    }
    this.output[0] = found;
  }

  /** Writes a row of the unit as the `index`th point of the output, dense. */
  private writePoint(row: number, index: number): void {
    const { block, unit } = this;
    const { numFeatures } = block;
    const start = 1 + index * numFeatures;
    const point = this.output.subarray(start, start + numFeatures);
    if (block.form === "dense") {
      point.set(this.doubles(block.values + 8 * (unit.start + row) * numFeatures, numFeatures));
      return;
    }
    const { buffer } = this.memory;
    const [from, to] = new Int32Array(buffer, block.offsets + 4 * (unit.start + row), 2);
    const indices = new Int32Array(buffer, block.indices + 4 * from, to - from);
    point.fill(0);
    this.doubles(block.values + 8 * from, to - from).forEach((value, i) => (point[indices[i]] = value));
  }

  /** Only cosine distances need the scales: otherwise they would overwrite bounds. */
  private findScales(): number {
    const { kernels, block, at, rows, unit } = this;
    const { numFeatures } = block;
    const zeros =
      block.form === "dense"
        ? kernels.kmeans_scales(block.values + 8 * unit.start * numFeatures, rows, numFeatures, at.scales)
        : kernels.kmeans_scales_sparse(block.offsets + 4 * unit.start, block.values, rows, at.scales);
    this.state[ScratchState.scaled] = 1;
    return zeros;
  }
}
