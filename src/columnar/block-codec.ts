import { isFile, isResident, planBlock, readDirectory, type Block, type ResidentBlock } from "../memory/index.js";
import type { Batch, Column } from "./column.js";
import { compact } from "./compact.js";
import { decodeStream, isStream, readBlockFile } from "./ipc/index.js";
import type { Layout } from "./layout.js";

/** Where one array of a column lies in the block. */
interface BufferRef {
  readonly at: number;
  readonly length: number;
}

/** A column as the directory of a block describes it: scalars as they are, arrays as positions. */
interface ColumnRef {
  readonly layout: Layout;
  readonly length: number;
  readonly form?: string;
  readonly size?: number;
  readonly buffers: Readonly<Record<string, BufferRef>>;
  readonly children: readonly ColumnRef[];
}

interface Directory {
  readonly numRows: number;
  readonly columns: readonly ColumnRef[];
}

/** The arrays a column has, by the name of the property that holds them. */
const arrayTypes: Readonly<Record<string, (layout: Layout) => ArrayType>> = {
  validity: () => Uint8Array,
  values: (layout) => valueTypes[layout as string],
  offsets: () => Int32Array,
  bytes: () => Uint8Array,
  kinds: () => Uint8Array,
  sizes: () => Int32Array,
  indices: () => Int32Array,
};
type ArrayType = {
  new (buffer: SharedArrayBuffer, at: number, length: number): ArrayBufferView;
  BYTES_PER_ELEMENT: number;
};
const valueTypes: Readonly<Record<string, ArrayType>> = {
  bool: Uint8Array,
  i8: Int8Array,
  i16: Int16Array,
  i32: Int32Array,
  i64: BigInt64Array,
  i128: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
  vector: Float64Array,
};

/** A batch on its way into a block: how long the block will be, and its making. */
export interface PlannedBatch {
  readonly bytes: number;
  make(): ResidentBlock;
}

/**
 * A batch as one shared block. With `kernels` the block is a WebAssembly memory on which kernels run in place;
 * otherwise a bare SharedArrayBuffer. Offsets are rebased to 0, so that slices take only their own bytes.
 */
export function planBatch(batch: Batch, kernels = false): PlannedBatch {
  const arrays: ArrayBufferView[] = [];
  const shape = batch.columns.map((column) => describe(compact(column), arrays));
  const planned = planBlock({
    buffers: arrays.map((array) => array.byteLength),
    directory: (at) => ({ numRows: batch.numRows, columns: shape.map((ref) => locate(ref, at)) }),
    kernels,
  });
  return {
    bytes: planned.bytes,
    make() {
      const { block, positions } = planned.allocate();
      arrays.forEach((array, i) => {
        const source = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
        new Uint8Array(block.buffer, positions[i], array.byteLength).set(source);
      });
      return block;
    },
  };
}

/** Copies a batch into one shared block. */
export const toBlock = (batch: Batch, kernels = false): ResidentBlock => planBatch(batch, kernels).make();

/**
 * The batch that lies in a block: views, nothing copied, where the block is resident; private memory of the reader where it
 * lies in a file or is packed. A file that is gone or damaged is a {@link FetchFailedException}.
 */
export function fromBlock(block: Block): Batch {
  if (isFile(block)) return readBlockFile(block.file);
  if (!isResident(block)) throw new Error("the block is not in this process's memory");
  if (!block.memory && isStream(block.buffer)) return decodeStream(block.buffer);
  const directory = readDirectory(block) as Directory;
  return { numRows: directory.numRows, columns: directory.columns.map((ref) => view(ref, block.buffer)) };
}

function describe(column: Column, arrays: ArrayBufferView[]): ColumnRef {
  const buffers: Record<string, BufferRef> = {};
  for (const key of Object.keys(arrayTypes)) {
    const array = (column as unknown as Record<string, unknown>)[key];
    if (!ArrayBuffer.isView(array)) continue;
    buffers[key] = { at: arrays.push(array) - 1, length: (array as Uint8Array).length };
  }
  const children = "child" in column ? [column.child] : "children" in column ? column.children : [];
  return {
    layout: column.layout,
    length: column.length,
    ...("form" in column ? { form: column.form } : {}),
    ...("size" in column ? { size: column.size } : {}),
    buffers,
    children: children.map((child) => describe(child, arrays)),
  };
}

/** Replaces the numbers of the arrays by the addresses they got. */
function locate(ref: ColumnRef, at: readonly number[]): ColumnRef {
  const buffers = Object.fromEntries(
    Object.entries(ref.buffers).map(([key, buffer]) => [key, { at: at[buffer.at], length: buffer.length }]),
  );
  return { ...ref, buffers, children: ref.children.map((child) => locate(child, at)) };
}

function view(ref: ColumnRef, buffer: SharedArrayBuffer): Column {
  const { buffers, children, ...scalars } = ref;
  const column: Record<string, unknown> = { validity: null, ...scalars };
  for (const [key, { at, length }] of Object.entries(buffers)) {
    column[key] = new (arrayTypes[key](ref.layout))(buffer, at, length);
  }
  const nested = children.map((child) => view(child, buffer));
  if (typeof ref.layout === "object") {
    if ("list" in ref.layout) column.child = nested[0];
    else column.children = nested;
  }
  return column as unknown as Column;
}
