import { checkCount, defineFunction, typeMismatch, typeOf } from "../../expressions/index.js";
import {
  ArrayType,
  BinaryType,
  BooleanType,
  type DataType,
  DateType,
  DecimalType,
  DoubleType,
  FloatType,
  IntegralType,
  LongType,
  longType,
  MapType,
  StringType,
  StructType,
  TimestampNTZType,
  TimestampType,
} from "../../types/index.js";
import { twosComplement } from "./murmur-hash.js";

const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

const u64 = (x: bigint): bigint => BigInt.asUintN(64, x);
const rotate = (x: bigint, by: bigint): bigint => u64((x << by) | (x >> (64n - by)));

function finish(h: bigint): bigint {
  let x = u64((h ^ (h >> 33n)) * P2);
  x = u64((x ^ (x >> 29n)) * P3);
  return BigInt.asIntN(64, x ^ (x >> 32n));
}

const mixLong = (h: bigint, value: bigint): bigint =>
  u64(rotate(h ^ u64(rotate(u64(value * P2), 31n) * P1), 27n) * P1 + P4);
const mixInt = (h: bigint, value: bigint): bigint => u64(rotate(h ^ u64(value * P1), 23n) * P2 + P3);

/** XXH64 of a 32-bit and of a 64-bit integer, and of bytes (Collet). Seeds and results are signed 64-bit numbers. */
export const xxHashInt = (value: number, seed: bigint): bigint =>
  finish(mixInt(u64(seed + P5 + 4n), BigInt(value >>> 0)));
export const xxHashLong = (value: bigint, seed: bigint): bigint => finish(mixLong(u64(seed + P5 + 8n), u64(value)));

export function xxHashBytes(bytes: Uint8Array, seed: bigint): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const n = bytes.length;
  let at = 0;
  let h: bigint;
  if (n >= 32) {
    const lanes = [seed + P1 + P2, seed + P2, seed, seed - P1].map(u64);
    for (; at + 32 <= n; at += 32) {
      for (let k = 0; k < 4; k++) {
        lanes[k] = u64(rotate(u64(lanes[k] + view.getBigUint64(at + 8 * k, true) * P2), 31n) * P1);
      }
    }
    h = u64(rotate(lanes[0], 1n) + rotate(lanes[1], 7n) + rotate(lanes[2], 12n) + rotate(lanes[3], 18n));
    for (const lane of lanes) h = u64((h ^ u64(rotate(u64(lane * P2), 31n) * P1)) * P1 + P4);
  } else h = u64(seed + P5);
  h = u64(h + BigInt(n));
  for (; at + 8 <= n; at += 8) h = mixLong(h, view.getBigUint64(at, true));
  if (at + 4 <= n) {
    h = mixInt(h, BigInt(view.getUint32(at, true)));
    at += 4;
  }
  for (; at < n; at++) h = u64(rotate(h ^ u64(BigInt(bytes[at]) * P5), 11n) * P1);
  return finish(h);
}

const scratch = new DataView(new ArrayBuffer(8));
const encoder = new TextEncoder();

/** Spark's XXH64 of values of a type; null leaves the running hash as it is. */
export function xxHash(type: DataType): (value: unknown, seed: bigint) => bigint {
  const hash = hasher(type) as (value: unknown, seed: bigint) => bigint;
  return (value, seed) => (value === null || value === undefined ? seed : hash(value, seed));
}

function hasher(type: DataType): (value: never, seed: bigint) => bigint {
  if (type instanceof BooleanType) return (value: boolean, seed) => xxHashInt(value ? 1 : 0, seed);
  if (type instanceof LongType || type instanceof TimestampType || type instanceof TimestampNTZType) return xxHashLong;
  if (type instanceof IntegralType || type instanceof DateType) return xxHashInt;
  if (type instanceof DoubleType) {
    return (value: number, seed) => {
      scratch.setFloat64(0, Number.isNaN(value) ? NaN : value + 0);
      return xxHashLong(scratch.getBigInt64(0), seed);
    };
  }
  if (type instanceof FloatType) {
    return (value: number, seed) => {
      scratch.setFloat32(0, Number.isNaN(value) ? NaN : value + 0);
      return xxHashInt(scratch.getInt32(0), seed);
    };
  }
  if (type instanceof DecimalType) {
    return type.precision <= 18 ? xxHashLong : (value: bigint, seed) => xxHashBytes(twosComplement(value), seed);
  }
  if (type instanceof StringType) return (value: string, seed) => xxHashBytes(encoder.encode(value), seed);
  if (type instanceof BinaryType) return xxHashBytes;
  if (type instanceof ArrayType) {
    const element = xxHash(type.elementType);
    return (values: readonly unknown[], seed) => values.reduce<bigint>((h, value) => element(value, h), seed);
  }
  if (type instanceof StructType) {
    const fields = type.fields.map((field) => xxHash(field.dataType));
    return (values: readonly unknown[], seed) => fields.reduce((h, field, i) => field(values[i], h), seed);
  }
  return (_, seed) => seed;
}

const SEED = 42n;

export const xxhash64 = defineFunction({
  kind: "scalar",
  names: ["xxhash64"],
  doc: "64-bit xxHash of the arguments, seeded with 42.",
  signature(args, call) {
    checkCount(call, 1, Infinity);
    if (args.some((arg) => typeOf(arg) instanceof MapType)) {
      throw typeMismatch(
        call,
        "HASH_MAP_TYPE",
        'Input to the function `xxhash64` cannot contain elements of the "MAP" type.',
        { functionName: "`xxhash64`" },
      );
    }
    return { args, type: longType };
  },
  nullable: "never",
  eval(call) {
    const hashes = call.args.map((arg) => xxHash(typeOf(arg)));
    return (...values: unknown[]) => hashes.reduce((h, fn, i) => fn(values[i], h), SEED);
  },
});
