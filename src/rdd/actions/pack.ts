import { fromBlock } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import type { StoredBlock } from "../../memory/index.js";
import { decodeInto, deserializeValue, ElementBuilder, serializeValue } from "../codec/index.js";

/** A result on its way to the driver: primitives as they are, long arrays as stored rows, the rest serialized. */
export type Packed =
  { readonly plain: unknown } | { readonly bytes: Uint8Array } | { readonly rows: readonly StoredBlock[] };

/** Arrays from this length on travel as rows. */
const ROWS = 256;
const BLOCK_BYTES = 32 * 2 ** 20;

export function packResult(value: unknown, task: TaskContext): Packed {
  if (value === null || (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol")) {
    return { plain: value };
  }
  if (!Array.isArray(value) || value.length < ROWS) return { bytes: serializeValue(value) };
  const rows: StoredBlock[] = [];
  const builder = new ElementBuilder();
  const flush = (): void => {
    const numRows = builder.length;
    rows.push({ block: task.blocks.store({ numRows, columns: [builder.finish()] }), numRows });
  };
  for (const element of value) {
    builder.append(element);
    if ((builder.length & 255) === 0 && builder.bytes > BLOCK_BYTES) flush();
  }
  if (builder.length > 0) flush();
  return { rows };
}

export function unpackResult(packed: Packed): unknown {
  if ("plain" in packed) return packed.plain;
  if ("bytes" in packed) return deserializeValue(packed.bytes);
  const values: unknown[] = [];
  for (const { block } of packed.rows) {
    decodeInto(fromBlock(block), (value) => {
      values.push(value);
      return true;
    });
  }
  return values;
}
