import { hyperLogLogTables, IllegalArgumentException } from "../../common/index.js";

const { biases, rawEstimates, thresholds } = hyperLogLogTables;
/** Number of tabulated estimates whose bias is averaged. */
const NEIGHBOURS = 6;
/** Precision above which the tables end. */
const LAST_TABLE = 18;

/**
 * HyperLogLog++ without its sparse form (Heule, Nunkesser, Hall, 2013): the sketch behind `RDD.countApproxDistinct`, giving
 * the same counts as the library that Spark uses there.
 */
export class HyperLogLogPlus {
  readonly registers: Uint8Array;

  constructor(
    readonly precision: number,
    registers?: Uint8Array,
  ) {
    this.registers = registers ?? new Uint8Array(2 ** precision);
  }

  /** Precision for a relative standard deviation. */
  static precisionOf(relativeSD: number): number {
    if (!(relativeSD > 0.000017)) {
      throw new IllegalArgumentException(`requirement failed: accuracy (${relativeSD}) must be greater than 0.000017`);
    }
    return Math.max(4, Math.ceil((2 * Math.log(1.054 / relativeSD)) / Math.log(2)));
  }

  /** Adds a value by the upper and the lower word of its 64-bit hash. */
  offer(high: number, low: number): void {
    const p = this.precision;
    const index = high >>> (32 - p);
    // Java adds before it sets bits: the marker behind the remaining bits is 2^(p-1) + 1.
    const restHigh = (high << p) | (low >>> (32 - p));
    const rank = restHigh !== 0 ? Math.clz32(restHigh) + 1 : 33 + Math.clz32((low << p) | ((1 << (p - 1)) + 1));
    if (rank > this.registers[index]) this.registers[index] = rank;
  }

  merge(other: Uint8Array): this {
    const { registers } = this;
    for (let i = 0; i < registers.length; i++) if (other[i] > registers[i]) registers[i] = other[i];
    return this;
  }

  cardinality(): number {
    const { registers, precision } = this;
    const m = registers.length;
    let inverse = 0;
    let zeros = 0;
    for (const rank of registers) {
      inverse += 1 / (1 << rank);
      if (rank === 0) zeros++;
    }
    const estimate = alpha(precision) * m * m * (1 / inverse);
    const corrected = estimate <= 5 * m ? estimate - biasOf(estimate, precision) : estimate;
    const candidate = zeros > 0 ? m * Math.log(m / zeros) : corrected;
    const few = precision <= LAST_TABLE ? candidate < thresholds[precision - 4] : candidate <= 5 * m;
    return Math.round(few ? candidate : corrected);
  }
}

function alpha(precision: number): number {
  if (precision === 4) return 0.673;
  if (precision === 5) return 0.697;
  if (precision === 6) return 0.709;
  return 0.7213 / (1 + 1.079 / 2 ** precision);
}

function biasOf(estimate: number, precision: number): number {
  if (precision > LAST_TABLE) return 0;
  const nearest = rawEstimates[precision - 4]
    .map((raw, i) => ({ distance: (estimate - raw) ** 2, i }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, NEIGHBOURS);
  let sum = 0;
  for (const { i } of nearest) sum += biases[precision - 4][i];
  return sum / nearest.length;
}
