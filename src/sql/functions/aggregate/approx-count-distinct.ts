import { type Column, columnBuilder, i64Column } from "../../../columnar/index.js";
import { hyperLogLogTables } from "../../../common/index.js";
import {
  type Accumulator,
  type AggregateFunction,
  columnReader,
  defineFunction,
  evalConstant,
  type ResolvedCall,
  takes,
  typeOf,
} from "../../expressions/index.js";
import { binaryType, doubleType, longType, NullType } from "../../types/index.js";
import { xxHash } from "../hash/xx-hash.js";

const { biases, rawEstimates, thresholds } = hyperLogLogTables;
const SEED = 42n;
const DEFAULT_DEVIATION = 0.05;
/** Number of neighbours whose bias is averaged. */
const NEIGHBOURS = 6;

/** Number of index bits for a relative standard deviation. */
const precisionOf = (deviation: number): number => Math.ceil(2 * Math.log2(1.106 / deviation));

/** HyperLogLog++ (Heule, Nunkesser, Hall 2013): one byte a register, 2^precision of them a group. */
class DistinctCounts implements Accumulator {
  private readonly groups: Uint8Array[] = [];
  private readonly precision: number;
  private readonly hash: (value: unknown, seed: bigint) => bigint;

  constructor(call: ResolvedCall) {
    const type = typeOf(call.args[0]);
    this.hash = type instanceof NullType ? () => SEED : xxHash(type);
    const deviation = call.args[1] ? (evalConstant(call.args[1]) as number) : DEFAULT_DEVIATION;
    this.precision = precisionOf(deviation);
  }
  resize(groups: number): void {
    while (this.groups.length < groups) this.groups.push(new Uint8Array(2 ** this.precision));
  }
  update(groupIds: Int32Array, [column]: readonly Column[], numRows: number): void {
    const read = columnReader(column);
    const shift = BigInt(64 - this.precision);
    const marker = 1n << BigInt(this.precision - 1);
    for (let i = 0; i < numRows; i++) {
      const value = read(i);
      if (value === null) continue;
      const x = BigInt.asUintN(64, this.hash(value, SEED));
      const index = Number(x >> shift);
      const rest = BigInt.asUintN(64, x << BigInt(this.precision)) | marker;
      const registers = this.groups[groupIds[i]];
      const rank = leadingZeros(rest) + 1;
      if (rank > registers[index]) registers[index] = rank;
    }
  }
  merge(groupIds: Int32Array, [states]: readonly Column[], numRows: number): void {
    const read = columnReader(states);
    for (let i = 0; i < numRows; i++) {
      const other = read(i) as Uint8Array;
      const registers = this.groups[groupIds[i]];
      for (let k = 0; k < registers.length; k++) if (other[k] > registers[k]) registers[k] = other[k];
    }
  }
  states(): readonly Column[] {
    const builder = columnBuilder("binary", this.groups.length);
    for (const registers of this.groups) builder.append(registers);
    return [builder.finish()];
  }
  finish(): Column {
    return i64Column(BigInt64Array.from(this.groups, (registers) => BigInt(estimate(registers, this.precision))));
  }
}

function leadingZeros(x: bigint): number {
  const high = Number(x >> 32n);
  return high === 0 ? 32 + Math.clz32(Number(x & 0xffffffffn)) : Math.clz32(high);
}

const alpha = (m: number): number => ({ 16: 0.673, 32: 0.697, 64: 0.709 })[m] ?? 0.7213 / (1 + 1.079 / m);

function estimate(registers: Uint8Array, precision: number): number {
  const m = registers.length;
  let inverse = 0;
  let zeros = 0;
  for (const rank of registers) {
    inverse += 2 ** -rank;
    if (rank === 0) zeros++;
  }
  const raw = (alpha(m) * m * m) / inverse;
  const table = precision - 4;
  const corrected = precision < 19 && raw < 5 * m ? raw - biasOf(raw, table) : raw;
  const linear = m * Math.log(m / zeros);
  // Spark counts linearly up to 2.5 m as the first HyperLogLog did, whatever the newer threshold says.
  const few = linear <= (thresholds[table] ?? 0) || raw <= 2.5 * m;
  return Math.round(zeros > 0 && few ? linear : corrected);
}

/** Mean bias of the tabulated estimates nearest to this one. */
function biasOf(raw: number, table: number): number {
  const estimates = rawEstimates[table];
  let at = 0;
  while (at < estimates.length && estimates[at] < raw) at++;
  let low = Math.max(at - NEIGHBOURS + 1, 0);
  let high = Math.min(low + NEIGHBOURS, estimates.length);
  const distance = (i: number): number => (raw - estimates[i]) ** 2;
  while (high < estimates.length && distance(high) < distance(low)) {
    low++;
    high++;
  }
  let sum = 0;
  for (let i = low; i < high; i++) sum += biases[table][i];
  return sum / (high - low);
}

export const approxCountDistinct = defineFunction<AggregateFunction>({
  kind: "aggregate",
  names: ["approx_count_distinct"],
  doc: "About how many distinct values there are, with a relative standard deviation (0.05 unless given).",
  signature: takes(["any", doubleType], longType, { optional: 1 }),
  nullable: false,
  state: () => [binaryType],
  open: (call) => new DistinctCounts(call),
});
