import { murmur3Double, murmur3Float, murmur3Int, murmur3Long, murmur3SqlBytes } from "../../../common/index.js";
import { checkCount, defineFunction, typeMismatch, typeOf } from "../../expressions/index.js";
import {
  ArrayType,
  BinaryType,
  BooleanType,
  type DataType,
  DecimalType,
  DoubleType,
  FloatType,
  IntegralType,
  DateType,
  integerType,
  LongType,
  MapType,
  StringType,
  StructType,
  TimestampNTZType,
  TimestampType,
} from "../../types/index.js";

/** Hashes one internal value into a running hash; null leaves it as it is. */
export type HashValue = (value: unknown, seed: number) => number;

const encoder = new TextEncoder();

/** Spark's Murmur3 hash of values of a type. */
export function murmurHash(type: DataType): HashValue {
  const hash = hasher(type) as (value: unknown, seed: number) => number;
  return (value, seed) => (value === null || value === undefined ? seed : hash(value, seed));
}

function hasher(type: DataType): (value: never, seed: number) => number {
  if (type instanceof BooleanType) return (value: boolean, seed) => murmur3Int(value ? 1 : 0, seed);
  if (type instanceof LongType || type instanceof TimestampType || type instanceof TimestampNTZType) return murmur3Long;
  if (type instanceof IntegralType || type instanceof DateType) return murmur3Int;
  // Adding 0 makes -0.0 hash like 0.0.
  if (type instanceof DoubleType) return (value: number, seed) => murmur3Double(value + 0, seed);
  if (type instanceof FloatType) return (value: number, seed) => murmur3Float(value + 0, seed);
  if (type instanceof DecimalType) {
    if (type.precision <= 18) return murmur3Long;
    return (value: bigint, seed) => {
      const bytes = twosComplement(value);
      return murmur3SqlBytes(bytes, 0, bytes.length, seed);
    };
  }
  if (type instanceof StringType) {
    return (value: string, seed) => {
      const bytes = encoder.encode(value);
      return murmur3SqlBytes(bytes, 0, bytes.length, seed);
    };
  }
  if (type instanceof BinaryType) return (value: Uint8Array, seed) => murmur3SqlBytes(value, 0, value.length, seed);
  if (type instanceof ArrayType) {
    const element = murmurHash(type.elementType);
    return (values: readonly unknown[], seed) => values.reduce<number>((h, value) => element(value, h), seed);
  }
  if (type instanceof StructType) {
    const fields = type.fields.map((field) => murmurHash(field.dataType));
    return (values: readonly unknown[], seed) => fields.reduce((h, field, i) => field(values[i], h), seed);
  }
  return (_, seed) => seed;
}

/** Shortest big-endian two's complement, as `BigInteger.toByteArray`. */
export function twosComplement(value: bigint): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(8 * length, value) !== value) length++;
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 0xffn));
}

const hasMap = (type: DataType): boolean =>
  type instanceof MapType ||
  (type instanceof ArrayType && hasMap(type.elementType)) ||
  (type instanceof StructType && type.fields.some((field) => hasMap(field.dataType)));

const SEED = 42;

export const hash = defineFunction({
  kind: "scalar",
  names: ["hash"],
  doc: "Murmur3 hash of the arguments, seeded with 42.",
  signature(args, call) {
    checkCount(call, 1, Infinity);
    if (args.some((arg) => hasMap(typeOf(arg)))) {
      throw typeMismatch(
        call,
        "HASH_MAP_TYPE",
        'Input to the function `hash` cannot contain elements of the "MAP" type.',
        {
          functionName: "`hash`",
        },
      );
    }
    return { args, type: integerType };
  },
  nullable: "never",
  eval(call) {
    const hashes = call.args.map((arg) => murmurHash(typeOf(arg)));
    return (...values: unknown[]) => hashes.reduce((h, fn, i) => fn(values[i], h), SEED);
  },
});
