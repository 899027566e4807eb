import {
  arithmeticOverflow,
  binaryOverflow,
  decimalOverflow,
  overflowMessage,
  type ResolvedCall,
} from "../../expressions/index.js";
import {
  ByteType,
  type DataType,
  DecimalType,
  fitsPrecision,
  FloatType,
  IntegerType,
  LongType,
  rescale,
  ShortType,
} from "../../types/index.js";

export type Operation = (a: never, b: never) => unknown;

const narrow = new Map<unknown, readonly [number, number]>([
  [ByteType, [-128, 127]],
  [ShortType, [-32_768, 32_767]],
]);

/** What an operator does for each kind of operand; decimals come in with their scales. */
export interface ExactOperation {
  readonly symbol: string;
  readonly alternative: string;
  integer(a: number, b: number): number;
  long(a: bigint, b: bigint): bigint;
  double(a: number, b: number): number;
  /** Exact result as [unscaled, scale]. */
  decimal(a: bigint, scaleA: number, b: bigint, scaleB: number): readonly [bigint, number];
}

/** The operation on the call's types, raising Spark's error where the result does not fit. */
export function exactOperation(call: ResolvedCall, operandTypes: readonly DataType[], op: ExactOperation): Operation {
  const { type } = call;
  const range = narrow.get(type.constructor);
  if (range) {
    const [low, high] = range;
    return (a: number, b: number) => {
      const result = op.integer(a, b);
      if (result < low || result > high) throw binaryOverflow(a, op.symbol, b, call);
      return result;
    };
  }
  if (type instanceof IntegerType) {
    return (a: number, b: number) => {
      const result = op.integer(a, b);
      if (result !== (result | 0)) throw arithmeticOverflow(overflowMessage(type), op.alternative);
      return result;
    };
  }
  if (type instanceof LongType) {
    return (a: bigint, b: bigint) => {
      const result = op.long(a, b);
      if (BigInt.asIntN(64, result) !== result) throw arithmeticOverflow(overflowMessage(type), op.alternative);
      return result;
    };
  }
  if (type instanceof DecimalType) {
    const [left, right] = operandTypes as readonly [DecimalType, DecimalType];
    return (a: bigint, b: bigint) => {
      const [unscaled, scale] = op.decimal(a, left.scale, b, right.scale);
      const result = rescale(unscaled, scale, type.scale);
      if (!fitsPrecision(result, type.precision)) throw decimalOverflow(result, type.scale, type);
      return result;
    };
  }
  if (type instanceof FloatType) return (a: number, b: number) => Math.fround(op.double(a, b));
  return op.double;
}
