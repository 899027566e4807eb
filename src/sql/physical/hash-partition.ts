import { bitAt, i32Column, type Column } from "../../columnar/index.js";
import { murmur3Double, murmur3Float, murmur3Int, murmur3SqlBytes, murmur3Words } from "../../common/index.js";
import { defineOperator, type Fragment } from "./fragment.js";

/** Adds the destination column of a hash shuffle: Spark's `pmod(hash(keys), numPartitions)`. */
export interface HashPartitionFragment extends Fragment {
  readonly op: "hashPartition";
  readonly input: Fragment;
  readonly keys: readonly number[];
  readonly numPartitions: number;
}

defineOperator<HashPartitionFragment>({
  op: "hashPartition",
  async *open({ input, keys, numPartitions }, context) {
    for await (const batch of context.open(input)) {
      context.checkCancelled();
      const hashes = new Int32Array(batch.numRows).fill(42);
      for (const key of keys) hashColumn(batch.columns[key], hashes);
      for (let i = 0; i < hashes.length; i++) {
        const remainder = hashes[i] % numPartitions;
        hashes[i] = remainder < 0 ? remainder + numPartitions : remainder;
      }
      yield { numRows: batch.numRows, columns: [...batch.columns, i32Column(hashes)] };
    }
  },
});

/** Mixes a column into the rows' hashes; nulls leave them as they are. */
export function hashColumn(column: Column, hashes: Int32Array): void {
  const hash = hasherOf(column);
  const { validity } = column;
  if (column.layout === "null") return;
  for (let i = 0; i < hashes.length; i++) {
    if (validity === null || bitAt(validity, i)) hashes[i] = hash(i, hashes[i]);
  }
}

type Hasher = (row: number, seed: number) => number;

function hasherOf(column: Column): Hasher {
  if ("child" in column) {
    const element = nullSkipping(column.child);
    return (row, seed) => {
      let h = seed;
      for (let k = column.offsets[row]; k < column.offsets[row + 1]; k++) h = element(k, h);
      return h;
    };
  }
  if ("children" in column) {
    const fields = column.children.map(nullSkipping);
    return (row, seed) => fields.reduce((h, field) => field(row, h), seed);
  }
  switch (column.layout) {
    case "bool":
      return (row, seed) => murmur3Int(bitAt(column.values, row) ? 1 : 0, seed);
    case "i8":
    case "i16":
    case "i32":
      return (row, seed) => murmur3Int(column.values[row], seed);
    case "f32":
      return (row, seed) => murmur3Float(column.values[row] + 0, seed);
    case "f64":
      return (row, seed) => murmur3Double(column.values[row] + 0, seed);
    case "i64": {
      const { values } = column;
      const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
      return (row, seed) => murmur3Words(words[2 * row], words[2 * row + 1], seed);
    }
    case "i128": {
      const { values } = column;
      return (row, seed) => hashWide(values[2 * row], values[2 * row + 1], seed);
    }
    case "utf8":
    case "binary": {
      const { bytes, offsets } = column;
      return (row, seed) => murmur3SqlBytes(bytes, offsets[row], offsets[row + 1], seed);
    }
    case "vector":
      if (column.form === "dense") {
        const { size, values } = column;
        return (row, seed) => {
          let h = seed;
          for (let k = row * size; k < (row + 1) * size; k++) h = murmur3Double(values[k] + 0, h);
          return h;
        };
      }
      return (row, seed) => {
        let h = murmur3Int(column.sizes[row], seed);
        for (let k = column.offsets[row]; k < column.offsets[row + 1]; k++) h = murmur3Double(column.values[k] + 0, h);
        return h;
      };
    default:
      return (_, seed) => seed;
  }
}

function nullSkipping(column: Column): Hasher {
  const hash = hasherOf(column);
  const { validity } = column;
  return (row, seed) => (validity === null || bitAt(validity, row) ? hash(row, seed) : seed);
}

/** A decimal as Spark hashes it: a long when it fits (precision up to 18), else the bytes of its BigInteger. */
function hashWide(low: bigint, high: bigint, seed: number): number {
  if (high === low >> 63n) {
    return murmur3Words(Number(BigInt.asIntN(32, low)), Number(BigInt.asIntN(32, low >> 32n)), seed);
  }
  let value = (high << 64n) | BigInt.asUintN(64, low);
  const bytes: number[] = [];
  for (let i = 0; i < 16; i++, value >>= 8n) bytes.unshift(Number(value & 255n));
  while (bytes.length > 1 && ((bytes[0] === 0 && bytes[1] < 128) || (bytes[0] === 255 && bytes[1] >= 128)))
    bytes.shift();
  return murmur3SqlBytes(Uint8Array.from(bytes), 0, bytes.length, seed);
}
