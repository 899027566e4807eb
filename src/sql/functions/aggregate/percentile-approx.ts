import { mergeSketches, QuantileSummaries, querySketch, type QuantileSketch } from "../../../common/index.js";
import {
  type AggregateFunction,
  castTo,
  checkCount,
  defineFunction,
  evalConstant,
  implicitCast,
  literalOf,
  type ResolvedCall,
  typeMismatch,
  typeOf,
  ValuesAccumulator,
} from "../../expressions/index.js";
import {
  ArrayType,
  type DataType,
  dateType,
  DecimalType,
  decimalText,
  doubleType,
  FloatType,
  IntegralType,
  DateType,
  longType,
  LongType,
  parseDecimal,
  timestampType,
} from "../../types/index.js";
import { checkFractions } from "./percentile.js";

const DEFAULT_ACCURACY = 10_000;
/** Values kept as they are before a group's sketch is begun. */
const PENDING = 4096;

/** One group: values not yet in the sketch, the sketch that takes them, and sketches of other tasks. */
interface Digest {
  pending: number[];
  open: QuantileSummaries | undefined;
  merged: QuantileSketch | undefined;
}

function insert(digest: Digest, value: number, error: number): void {
  if (digest.open) return digest.open.insert(value);
  digest.pending.push(value);
  if (digest.pending.length < PENDING) return;
  digest.open = new QuantileSummaries(error);
  for (const pending of digest.pending.splice(0)) digest.open.insert(pending);
}

function sketchOf(digest: Digest, error: number): QuantileSketch {
  const summaries = digest.open ?? new QuantileSummaries(error);
  for (const value of digest.pending) summaries.insert(value);
  const own = summaries.finish();
  return digest.merged ? mergeSketches(digest.merged, own) : own;
}

/** Functions between values of the type and the doubles that are sketched. */
function conversions(type: DataType): {
  readonly to: (value: unknown) => number;
  readonly from: (x: number) => unknown;
} {
  if (type instanceof DecimalType) {
    return {
      to: (value) => Number(decimalText(value as bigint, type.scale)),
      from: (x) => parseDecimal(String(x), type.scale)!,
    };
  }
  if (type instanceof LongType || type.equals(timestampType)) return { to: Number, from: (x) => BigInt(Math.trunc(x)) };
  if (type instanceof FloatType) return { to: Number, from: Math.fround };
  return type instanceof IntegralType || type instanceof DateType
    ? { to: Number, from: Math.trunc }
    : { to: Number, from: (x) => x };
}

const doubles = new ArrayType(doubleType, false);

class DigestAccumulator extends ValuesAccumulator<[number, number[], number[], number[]]> {
  constructor(call: ResolvedCall) {
    const element = typeOf(call.args[0]);
    const { to, from } = conversions(element);
    const error = 1 / Number(evalConstant(call.args[2]));
    const asked = evalConstant(call.args[1]) as number | number[];
    const digests = new WeakMap<object, Digest>();
    const digestOf = (state: object): Digest => digests.get(state)!;
    super({
      types: [longType, doubles, doubles, doubles],
      result: call.type,
      empty() {
        const state: [number, number[], number[], number[]] = [0, [], [], []];
        digests.set(state, { pending: [], open: undefined, merged: undefined });
        return state;
      },
      update(state, [value]) {
        if (value !== null) insert(digestOf(state), to(value), error);
      },
      merge(state, [count, values, gaps, deltas]) {
        const digest = digestOf(state);
        const sketch: QuantileSketch = {
          relativeError: error,
          count: Number(count),
          values: Float64Array.from(values),
          gaps: Float64Array.from(gaps),
          deltas: Float64Array.from(deltas),
        };
        digest.merged = digest.merged ? mergeSketches(digest.merged, sketch) : sketch;
      },
      state(state) {
        const { count, values, gaps, deltas } = sketchOf(digestOf(state), error);
        return [BigInt(count), Array.from(values), Array.from(gaps), Array.from(deltas)];
      },
      finish(state) {
        const found = querySketch(sketchOf(digestOf(state), error), typeof asked === "number" ? [asked] : asked);
        if (!found) return null;
        return typeof asked === "number" ? from(found[0]) : found.map(from);
      },
    });
  }
}

export const percentileApprox = defineFunction<AggregateFunction>({
  kind: "aggregate",
  names: ["percentile_approx", "approx_percentile"],
  doc: "A value near the asked fraction of the sorted values; its rank is off by at most one part in `accuracy`.",
  signature(args, call) {
    checkCount(call, 2, 3);
    const value = implicitCast(args[0], ["numeric", dateType, "timestamps"], call, 0);
    const fraction = implicitCast(args[1], [doubleType, new ArrayType(doubleType, false)], call, 1);
    const accuracy = castTo(args[2] ?? literalOf(BigInt(DEFAULT_ACCURACY), longType), longType);
    checkFractions(call, 1, [value, fraction]);
    const given = evalConstant(accuracy) as bigint | null;
    if (given === null || given <= 0n || given > 2_147_483_647n) {
      throw typeMismatch(
        call,
        "VALUE_OUT_OF_RANGE",
        `The \`accuracy\` must be between (0, 2147483647] (current value = ${given}).`,
        {
          exprName: "accuracy",
          valueRange: "(0, 2147483647]",
          currentValue: String(given),
        },
      );
    }
    const type = typeOf(value);
    return {
      args: [value, fraction, accuracy],
      type: typeOf(fraction) instanceof ArrayType ? new ArrayType(type, false) : type,
    };
  },
  state: () => [longType, doubles, doubles, doubles],
  open: (call) => new DigestAccumulator(call),
});
