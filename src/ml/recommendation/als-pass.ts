import { byteswap64, SparkException, XORShiftRandom } from "../../common/index.js";
import { definePassKernel, type PassWorker } from "../../exec/index.js";
import type { IndexedBlock, RatingsPart } from "./als-index-pass.js";

/** Ratings by row of one side: i32[size + 1] positions, then i32 columns and f32 ratings; and that side's factors. */
export interface AlsSide {
  readonly size: number;
  readonly offsets: number;
  readonly columns: number;
  readonly ratings: number;
  /** f32[size * stride]. */
  readonly factors: number;
}
export interface AlsBlock {
  readonly count: number;
  readonly users: AlsSide;
  readonly items: AlsSide;
}

export interface AlsPassConfig {
  readonly parts: readonly RatingsPart[];
  readonly rank: number;
  /** Floats from one factor to the next: the rank made even. */
  readonly stride: number;
  readonly regParam: number;
  readonly implicitPrefs: boolean;
  readonly alpha: number;
  readonly nonnegative: boolean;
  readonly userSeed: bigint;
  readonly itemSeed: bigint;
  readonly numUserBlocks: number;
  readonly numItemBlocks: number;
  /** f32[size * rank] each, for the finished factors. */
  readonly userFactors: SharedArrayBuffer;
  readonly itemFactors: SharedArrayBuffer;
}

/**
 * What a pass does; the block is first that of the ratings by row, then that of the numbered ratings.
 *
 * | op         | does                                                                            |
 * |------------|---------------------------------------------------------------------------------|
 * | Group      | ratings by user (unit 0) and by item (unit 1)                                   |
 * | Initialize | random unit vectors                                                             |
 * | GramUsers  | output: Y'Y of the unit's users; GramItems the same of items                    |
 * | SolveUsers | new factors of the unit's users from the items'; input: Y'Y; SolveItems likewise|
 * | Export     | copies the factors out, without padding                                         |
 */
export const AlsOp = {
  Group: 0,
  Initialize: 1,
  GramUsers: 2,
  GramItems: 3,
  SolveUsers: 4,
  SolveItems: 5,
  Export: 6,
} as const;

/** Work of one row beside its ratings, in ratings: the Cholesky decomposition. */
const ROW_WORK = 16;
/** Rows of a batch in the kernel; see kernels/als. */
const BATCH = 32;

/** Bytes of scratch a unit needs: Y'Y and the kernel's work area. */
export const alsScratchBytes = (stride: number): number => 8 * (2 * stride * stride + 7 * stride + 2 * BATCH * stride);

/**
 * Alternating least squares on ratings grouped both ways. No operation reads what it writes, so that any unit may run again:
 * users are solved from items, items from users.
 */
export const alsPass = definePassKernel<AlsPassConfig>({
  name: "ml.als",
  open: (worker) => {
    const pass = new AlsPass(worker);
    return (unit, op) => pass.run(unit, op);
  },
});

class AlsPass {
  private readonly block: AlsBlock;
  private readonly memory: WebAssembly.Memory;
  private readonly kernels: Record<string, (...args: number[]) => number>;

  constructor(private readonly worker: PassWorker<AlsPassConfig>) {
    const [{ memory, info }] = worker.blocks;
    this.memory = memory;
    this.block = info as AlsBlock;
    this.kernels = worker.kernels(0);
  }

  run(unit: number, op: number): void {
    const { users, items } = this.block;
    switch (op) {
      case AlsOp.Group:
        if (unit === 0) this.group(users, "user", "item");
        if (unit === 1 || this.worker.units.length === 1) this.group(items, "item", "user");
        return;
      case AlsOp.Initialize:
        return this.initialize(unit);
      case AlsOp.GramUsers:
        return this.gram(unit, users);
      case AlsOp.GramItems:
        return this.gram(unit, items);
      case AlsOp.SolveUsers:
        return this.solve(unit, users, items);
      case AlsOp.SolveItems:
        return this.solve(unit, items, users);
      default:
        this.copyOut(unit, users, this.worker.config.userFactors);
        this.copyOut(unit, items, this.worker.config.itemFactors);
    }
  }

  private ints(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }
  private floats(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  /** Counting sort of the ratings by row; ratings of a row keep their order. */
  private group(side: AlsSide, row: "user" | "item", column: "user" | "item"): void {
    const [, indexed] = this.worker.blocks;
    const info = indexed.info as IndexedBlock;
    const { count } = info;
    const rows = new Int32Array(indexed.memory.buffer, info[row], count);
    const columns = new Int32Array(indexed.memory.buffer, info[column], count);
    const offsets = this.ints(side.offsets, side.size + 1).fill(0);
    for (let i = 0; i < count; i++) offsets[rows[i] + 1]++;
    for (let r = 0; r < side.size; r++) offsets[r + 1] += offsets[r];
    const next = offsets.slice(0, side.size);
    const outColumns = this.ints(side.columns, count);
    const outRatings = this.floats(side.ratings, count);
    let i = 0;
    for (const part of this.worker.config.parts) {
      const ratings = new Float32Array(part.ratings, 0, part.count);
      for (let k = 0; k < part.count; k++, i++) {
        const at = next[rows[i]]++;
        outColumns[at] = columns[i];
        outRatings[at] = ratings[k];
      }
    }
  }

  private initialize(unit: number): void {
    const { config, blocks } = this.worker;
    const info = blocks[1].info as IndexedBlock;
    const { buffer } = blocks[1].memory;
    const { users, items } = this.block;
    const userIds = new Int32Array(buffer, info.userIds, users.size);
    const itemIds = new Int32Array(buffer, info.itemIds, items.size);
    this.randomFactors(unit, users, userIds, config.userSeed, config.numUserBlocks);
    this.randomFactors(unit, items, itemIds, config.itemSeed, config.numItemBlocks);
  }

  /** Spark's blocks, id mod `numBlocks`, draw each from a generator of their own, ids ascending. */
  private randomFactors(unit: number, side: AlsSide, ids: Int32Array, seed: bigint, numBlocks: number): void {
    const { rank, stride } = this.worker.config;
    const { length } = this.worker.units;
    if (unit >= numBlocks) return;
    const generators: (XORShiftRandom | undefined)[] = [];
    const factors = this.floats(side.factors, side.size * stride);
    for (let row = 0; row < side.size; row++) {
      const block = ((ids[row] % numBlocks) + numBlocks) % numBlocks;
      if (block % length !== unit) continue;
      const random = (generators[block] ??= new XORShiftRandom(byteswap64(seed ^ BigInt(block))));
      const factor = factors.subarray(row * stride, row * stride + rank);
      let squares = 0;
      for (let f = 0; f < rank; f++) {
        factor[f] = random.nextGaussian();
        squares += factor[f] * factor[f];
      }
      const scale = Math.fround(1 / Math.fround(Math.sqrt(squares)));
      for (let f = 0; f < rank; f++) factor[f] *= scale;
    }
  }

  /** The unit's rows: about as much work as any other unit's. */
  private range(unit: number, side: AlsSide): [start: number, end: number] {
    const { length } = this.worker.units;
    const offsets = this.ints(side.offsets, side.size + 1);
    const total = this.block.count + ROW_WORK * side.size;
    const first = (target: number): number => {
      let low = 0;
      let high = side.size;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (offsets[middle] + ROW_WORK * middle < target) low = middle + 1;
        else high = middle;
      }
      return low;
    };
    return [first((unit * total) / length), first(((unit + 1) * total) / length)];
  }

  private gram(unit: number, side: AlsSide): void {
    const { stride } = this.worker.config;
    const matrix = this.worker.scratch(unit);
    const [start, end] = this.range(unit, side);
    const view = new Float64Array(this.memory.buffer, matrix, stride * stride).fill(0);
    this.kernels.als_gram(side.factors, start, end, stride, matrix, matrix + 8 * stride * stride);
    this.worker.output(unit).set(view);
  }

  private solve(unit: number, side: AlsSide, other: AlsSide): void {
    const { rank, stride, regParam, implicitPrefs, alpha, nonnegative } = this.worker.config;
    const base = this.worker.scratch(unit);
    const work = base + 8 * stride * stride;
    if (implicitPrefs) new Float64Array(this.memory.buffer, base, stride * stride).set(this.worker.input);
    const [start, end] = this.range(unit, side);
    const ratings = [side.offsets, side.columns, side.ratings, start, end, other.factors, side.factors] as const;
    const preferences = [implicitPrefs ? base : 0, alpha, nonnegative ? 1 : 0] as const;
    const minor = this.kernels.als_solve(...ratings, rank, stride, regParam, ...preferences, work);
    if (minor !== 0) {
      throw new SparkException(
        `LAPACK.dppsv returned ${minor} because A is not positive definite. Is A derived from a singular matrix (e.g. collinear column values)? A regParam above 0 avoids this.`,
      );
    }
  }

  private copyOut(unit: number, side: AlsSide, to: SharedArrayBuffer): void {
    const { rank, stride } = this.worker.config;
    const [start, end] = this.range(unit, side);
    const factors = this.floats(side.factors, side.size * stride);
    const out = new Float32Array(to);
    if (rank === stride) {
      out.set(factors.subarray(start * rank, end * rank), start * rank);
      return;
    }
    for (let row = start; row < end; row++) {
      out.set(factors.subarray(row * stride, row * stride + rank), row * rank);
    }
  }
}
