import type { TaskContext } from "../../exec/index.js";
import { align, allocateBlock, type Block, STATIC_BYTES } from "../../memory/index.js";
import { blockInfo, type InstancesPayload, type LaidOutBlock } from "./instance-block.js";
import type { InstanceRows } from "./instance-rows.js";

/** Rows denser than this are faster and hardly larger as dense rows. */
const DENSE_ABOVE = 1 / 3;

/** Bytes that a block is written to; `base` is the address of the first one. */
interface Target {
  readonly buffer: ArrayBufferLike;
  readonly base: number;
}

/** Lays rows out in blocks: resident ones while the budget has room, else images in files, made in one reused buffer. */
export class RowsLayout {
  private staging = new ArrayBuffer(0);

  constructor(
    private readonly payload: InstancesPayload,
    private readonly context: TaskContext,
  ) {}

  layOut(parts: readonly InstanceRows[]): LaidOutBlock {
    const total = (of: (part: InstanceRows) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
    const rows = total((part) => part.features.rows);
    const stored = total((part) => part.features.values.length);
    const numFeatures = parts[0].features.size;
    const sparse = parts.some((part) => part.features.form === "csr") && stored < DENSE_ABOVE * rows * numFeatures;
    const form = this.payload.form === "auto" ? (sparse ? "csr" : "dense") : this.payload.form;
    const nnz = form === "dense" ? rows * numFeatures : stored;
    const features = form === "dense" ? [8 * nnz] : [8 * nnz, 4 * (rows + 1), 4 * nnz];
    const buffers = [...features, ...parts[0].scalars.map(() => 8 * rows)];

    const { target, positions, finish } = this.place(buffers);
    const [values, offsets = 0, indices = 0] = positions.slice(0, features.length);
    const scalars = positions.slice(features.length);
    if (form === "dense") writeDense(target, parts, values);
    else writeCsr(target, parts, { values, offsets, indices });
    scalars.forEach((at, which) => writeScalar(target, parts, which, at));
    const at = { form, rows, numFeatures, nnz, values, offsets, indices, scalars, partition: this.context.partitionId };
    const info = blockInfo(target.buffer, target.base, { ...at, unitRows: rows }, this.payload);
    return { block: finish(), info };
  }

  /** Room for buffers of these lengths, their addresses in the block, and what makes the block once they are written. */
  private place(buffers: readonly number[]): { target: Target; positions: readonly number[]; finish(): Block } {
    const { blocks } = this.context;
    const bytes = buffers.reduce((sum, length) => sum + align(length), align(1));
    let resident: readonly number[] = [];
    const block = blocks.keep(bytes, () => {
      const made = allocateBlock({ kernels: true, buffers, directory: () => ({ kind: "instances" }) });
      resident = made.positions;
      return made.block;
    });
    if (block) return { target: { buffer: block.buffer, base: 0 }, positions: resident, finish: () => block };
    if (this.staging.byteLength < bytes) this.staging = new ArrayBuffer(bytes);
    else new Uint8Array(this.staging).fill(0);
    let next = STATIC_BYTES;
    const positions = buffers.map((length) => {
      const at = next;
      next = at + align(length);
      return at;
    });
    const image = new Uint8Array(this.staging, 0, next - STATIC_BYTES);
    return {
      target: { buffer: this.staging, base: STATIC_BYTES },
      positions,
      finish: () => blocks.storeImage(image),
    };
  }
}

function writeScalar({ buffer, base }: Target, parts: readonly InstanceRows[], which: number, at: number): void {
  let start = at - base;
  for (const { features, scalars } of parts) {
    new Float64Array(buffer, start, features.rows).set(scalars[which]);
    start += 8 * features.rows;
  }
}

function writeDense({ buffer, base }: Target, parts: readonly InstanceRows[], values: number): void {
  let at = values - base;
  for (const { features } of parts) {
    const out = new Float64Array(buffer, at, features.rows * features.size);
    if (features.form === "dense") out.set(features.values);
    else {
      const { offsets, indices } = features;
      for (let row = 0; row < features.rows; row++) {
        const start = row * features.size;
        for (let k = offsets[row]; k < offsets[row + 1]; k++) out[start + indices[k]] = features.values[k];
      }
    }
    at += out.byteLength;
  }
}

interface CsrAddresses {
  readonly values: number;
  readonly offsets: number;
  readonly indices: number;
}

function writeCsr({ buffer, base }: Target, parts: readonly InstanceRows[], at: CsrAddresses): void {
  const rows = parts.reduce((sum, part) => sum + part.features.rows, 0);
  const offsets = new Int32Array(buffer, at.offsets - base, rows + 1);
  let row = 0;
  let stored = 0;
  for (const { features } of parts) {
    const count = features.values.length;
    new Float64Array(buffer, at.values - base + 8 * stored, count).set(features.values);
    const indices = new Int32Array(buffer, at.indices - base + 4 * stored, count);
    if (features.form === "csr") {
      indices.set(features.indices);
      for (let i = 0; i < features.rows; i++) offsets[row + i + 1] = stored + features.offsets[i + 1];
    } else {
      for (let k = 0; k < count; k++) indices[k] = k % features.size;
      for (let i = 0; i < features.rows; i++) offsets[row + i + 1] = stored + (i + 1) * features.size;
    }
    row += features.rows;
    stored += count;
  }
}
