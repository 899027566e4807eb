import { bitAt, i32Column, type Batch, type BytesColumn, type Column } from "../../columnar/index.js";
import { murmur3SqlBytes, XORShiftRandom } from "../../common/index.js";
import { ExternalSort } from "./external-sort.js";
import { defineOperator, type Fragment } from "./fragment.js";

/**
 * Adds the destination column of `repartition(n)`. As Spark does, a partition's rows are first ordered by the hash of their
 * binary form (SPARK-23207) and then dealt out from a random start.
 */
export interface RoundRobinFragment extends Fragment {
  readonly op: "roundRobin";
  readonly input: Fragment;
  readonly numPartitions: number;
  readonly partition: number;
}

defineOperator<RoundRobinFragment>({
  op: "roundRobin",
  async *open({ input, numPartitions, partition }, context) {
    let sort: ExternalSort | undefined;
    for await (const batch of context.open(input)) {
      context.checkCancelled();
      if (batch.numRows === 0) continue;
      if (!sort) {
        const width = batch.columns.length;
        const keys = [width, width + 1].map((ordinal) => ({ ordinal, ascending: true, nullsFirst: true }));
        sort = new ExternalSort(keys, context, undefined, width);
      }
      sort.add(withHash(batch));
    }
    if (!sort) return;
    let position = new XORShiftRandom(BigInt(partition)).nextInt(numPartitions);
    for (const { numRows, columns } of sort.sorted()) {
      const destinations = new Int32Array(numRows);
      for (let i = 0; i < numRows; i++) destinations[i] = ++position % numPartitions;
      yield { numRows, columns: [...columns, i32Column(destinations)] };
    }
  },
});

/** The rows with two columns more: the hash of their binary form, and that form. */
function withHash({ numRows, columns }: Batch): Batch {
  const { bytes, offsets } = binaryRows(columns, numRows);
  const hashes = new Int32Array(numRows);
  for (let i = 0; i < numRows; i++) hashes[i] = murmur3SqlBytes(bytes, offsets[i], offsets[i + 1], 42);
  const binary: BytesColumn = { layout: "binary", length: numRows, validity: null, offsets, bytes };
  return { numRows, columns: [...columns, i32Column(hashes), binary] };
}

/**
 * Rows in the form of Spark's UnsafeRow: a bitmap of nulls in 8-byte words, 8 bytes a field (values little-endian, or
 * offset << 32 | length), then strings padded to 8 bytes. Nested values and vectors count as null: they do not move a row.
 */
function binaryRows(columns: readonly Column[], numRows: number): { bytes: Uint8Array; offsets: Int32Array } {
  const head = 8 * Math.ceil(columns.length / 64) + 8 * columns.length;
  const offsets = new Int32Array(numRows + 1);
  const flat = columns.filter((c): c is BytesColumn => c.layout === "utf8" || c.layout === "binary");
  for (let i = 0; i < numRows; i++) {
    let size = head;
    for (const c of flat) {
      if (isSet(c, i)) size += (c.offsets[i + 1] - c.offsets[i] + 7) & ~7;
    }
    offsets[i + 1] = offsets[i] + size;
  }
  const bytes = new Uint8Array(offsets[numRows]);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < numRows; i++) {
    let variable = head;
    columns.forEach((column, c) => {
      const at = offsets[i] + 8 * Math.ceil(columns.length / 64) + 8 * c;
      const written = isSet(column, i) && writeField(column, i, view, at);
      if (written) return;
      if ((column.layout === "utf8" || column.layout === "binary") && isSet(column, i)) {
        const value = column.bytes.subarray(column.offsets[i], column.offsets[i + 1]);
        view.setUint32(at, value.length, true);
        view.setUint32(at + 4, variable, true);
        bytes.set(value, offsets[i] + variable);
        variable += (value.length + 7) & ~7;
      } else bytes[offsets[i] + (c >> 3)] |= 1 << (c & 7);
    });
  }
  return { bytes, offsets };
}

const isSet = (column: Column, i: number): boolean =>
  column.layout !== "null" && (column.validity === null || bitAt(column.validity, i));

function writeField(column: Column, i: number, view: DataView, at: number): boolean {
  switch (column.layout) {
    case "bool":
      view.setUint8(at, bitAt(column.values, i) ? 1 : 0);
      return true;
    case "i8":
      view.setInt8(at, column.values[i]);
      return true;
    case "i16":
      view.setInt16(at, column.values[i], true);
      return true;
    case "i32":
      view.setInt32(at, column.values[i], true);
      return true;
    case "i64":
      view.setBigInt64(at, column.values[i], true);
      return true;
    case "f32":
      view.setFloat32(at, column.values[i], true);
      return true;
    case "f64":
      view.setFloat64(at, column.values[i], true);
      return true;
    case "i128":
      view.setBigInt64(at, column.values[2 * i], true);
      return true;
    default:
      return false;
  }
}
