import { type Batch, type Column, isValid, type NumberColumn } from "../../columnar/index.js";
import { definePartitionFunction } from "../../exec/index.js";
import { allocateBlock } from "../../memory/index.js";
import { adoptable, adoptedBlock, type AdoptedRows, allFinite, extend } from "./adopted-rows.js";
import { featureRows, type FeatureRows } from "./feature-rows.js";
import { checkLabel, checkWeight, type LabelRule } from "./row-checks.js";

/**
 * Where the training rows of one block lie in its memory (byte addresses; 0 = the column was not asked for).
 * dense: `values` is f64[rows * numFeatures], row-major. csr: `offsets` i32[rows + 1], `indices` i32[nnz], `values` f64[nnz].
 */
export interface InstanceBlock {
  readonly form: "dense" | "csr";
  /** Partition the rows come from; blocks of one partition follow each other in row order. */
  readonly partition: number;
  readonly rows: number;
  readonly numFeatures: number;
  readonly nnz: number;
  readonly values: number;
  readonly offsets: number;
  readonly indices: number;
  /** f64[rows] each. */
  readonly label: number;
  readonly weight: number;
  readonly extra: readonly number[];
  /** Largest label of the block, -Infinity without labels. */
  readonly largestLabel: number;
}

/** What `ml.instances` is told; the columns are features, then label, weight and extra columns as far as present. */
export interface InstancesPayload {
  readonly label: LabelRule | undefined;
  readonly weight: boolean;
  readonly extra: number;
  readonly form: "auto" | "dense" | "csr";
  readonly allowNonFinite: boolean;
}
export interface LaidOutBlock {
  readonly memory: WebAssembly.Memory;
  readonly info: InstanceBlock;
}

/** A block is closed when its values reach this many bytes, so that no block comes near WebAssembly's 4 GiB. */
const BLOCK_BYTES = 256 * 2 ** 20;
/** Rows denser than this are faster and hardly larger as dense rows. */
const DENSE_ABOVE = 1 / 3;

/** Lays one partition's training rows out in blocks that kernels run on in place. */
export const instances = definePartitionFunction<InstancesPayload, LaidOutBlock[]>({
  name: "ml.instances",
  async run(payload, batches, context) {
    const blocks: LaidOutBlock[] = [];
    let parts: InstancePart[] = [];
    let adopted: AdoptedRows | undefined;
    let size = -1;
    let bytes = 0;
    const { partitionId } = context;
    const wanted = { label: payload.label !== undefined, weight: payload.weight };
    const closeAdopted = (): void => {
      if (adopted) blocks.push(adoptedBlock(adopted, wanted, partitionId));
      adopted = undefined;
    };
    for await (const batch of batches) {
      context.checkCancelled();
      if (batch.numRows === 0) continue;
      const rows = parts.length === 0 ? inPlace(batch, payload, size) : undefined;
      if (rows) {
        if (!adopted || !extend(adopted, rows)) {
          closeAdopted();
          adopted = rows;
        }
        ({ size } = rows);
        continue;
      }
      closeAdopted();
      const part = readPart(batch, payload, size);
      parts.push(part);
      ({ size } = part.features);
      bytes += part.features.values.byteLength * 1.5;
      if (bytes >= BLOCK_BYTES) {
        blocks.push(layOut(parts, payload, context.partitionId));
        [parts, bytes] = [[], 0];
      }
    }
    if (parts.length > 0) blocks.push(layOut(parts, payload, context.partitionId));
    closeAdopted();
    return blocks;
  },
});

/** The batch as it lies in a cached block, when nothing needs to be copied and its rows pass the checks. */
function inPlace(batch: Batch, payload: InstancesPayload, size: number): AdoptedRows | undefined {
  if (payload.form === "csr") return undefined;
  const rows = adoptable(batch);
  if (!rows || (size !== -1 && rows.size !== size)) return undefined;
  const [features, ...scalars] = batch.columns as readonly { readonly values: Float64Array }[];
  // A value that is not finite takes the other path, which says which row it is in.
  if (!payload.allowNonFinite && !allFinite(features.values)) return undefined;
  checkScalars(
    scalars.map((column) => column.values),
    payload,
  );
  return rows;
}

interface InstancePart {
  readonly features: FeatureRows;
  /** Label, weight and extra columns, as far as present. */
  readonly scalars: readonly Float64Array[];
}

/** Doubles of a numeric column, NaN for null. */
function doubles(column: Column, numRows: number): Float64Array {
  const values = new Float64Array(numRows);
  const source = (column as NumberColumn).values;
  for (let i = 0; i < numRows; i++) values[i] = isValid(column, i) ? source[i] : Number.NaN;
  return values;
}

/** Checks labels and weights, the first of the scalar columns as far as present. */
function checkScalars(scalars: readonly Float64Array[], { label: rule, weight }: InstancesPayload): void {
  let next = 0;
  if (rule) for (const label of scalars[next++]) checkLabel(label, rule);
  if (weight) scalars[next++].forEach(checkWeight);
}

function readPart(batch: Batch, payload: InstancesPayload, size: number): InstancePart {
  const scalars = batch.columns.slice(1).map((column) => doubles(column, batch.numRows));
  checkScalars(scalars, payload);
  const { allowNonFinite } = payload;
  return { features: featureRows(batch.columns[0], batch.numRows, { size, allowNonFinite }), scalars };
}

function layOut(parts: readonly InstancePart[], payload: InstancesPayload, partition: number): LaidOutBlock {
  const total = (of: (part: InstancePart) => number): number => parts.reduce((sum, part) => sum + of(part), 0);
  const rows = total((part) => part.features.rows);
  const nnz = total((part) => part.features.values.length);
  const numFeatures = parts[0].features.size;
  const sparse = parts.some((part) => part.features.form === "csr") && nnz < DENSE_ABOVE * rows * numFeatures;
  const form = payload.form === "auto" ? (sparse ? "csr" : "dense") : payload.form;
  const features = form === "dense" ? [8 * rows * numFeatures] : [8 * nnz, 4 * (rows + 1), 4 * nnz];
  const buffers = [...features, ...parts[0].scalars.map(() => 8 * rows)];
  const { block, positions } = allocateBlock({ kernels: true, buffers, directory: () => ({ kind: "instances" }) });
  const memory = block.memory as WebAssembly.Memory;
  const [values, offsets = 0, indices = 0] = positions.slice(0, features.length);
  if (form === "dense") writeDense(memory, parts, values);
  else writeCsr(memory, parts, { values, offsets, indices });
  const scalars = positions.slice(features.length);
  scalars.forEach((at, which) => {
    let start = at;
    for (const part of parts) {
      new Float64Array(memory.buffer, start, part.features.rows).set(part.scalars[which]);
      start += 8 * part.features.rows;
    }
  });
  let next = 0;
  const label = payload.label ? scalars[next++] : 0;
  const weight = payload.weight ? scalars[next++] : 0;
  const stored = form === "dense" ? rows * numFeatures : nnz;
  const extra = scalars.slice(next);
  let largestLabel = Number.NEGATIVE_INFINITY;
  if (label) for (const y of new Float64Array(memory.buffer, label, rows)) largestLabel = Math.max(largestLabel, y);
  return {
    memory,
    info: {
      form,
      partition,
      rows,
      numFeatures,
      nnz: stored,
      values,
      offsets,
      indices,
      label,
      weight,
      extra,
      largestLabel,
    },
  };
}

function writeDense(memory: WebAssembly.Memory, parts: readonly InstancePart[], values: number): void {
  let at = values;
  for (const { features } of parts) {
    const out = new Float64Array(memory.buffer, at, features.rows * features.size);
    if (features.form === "dense") out.set(features.values);
    else {
      const { offsets, indices } = features;
      for (let row = 0; row < features.rows; row++) {
        const base = row * features.size;
        for (let k = offsets[row]; k < offsets[row + 1]; k++) out[base + indices[k]] = features.values[k];
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

function writeCsr(memory: WebAssembly.Memory, parts: readonly InstancePart[], at: CsrAddresses): void {
  const rows = parts.reduce((sum, part) => sum + part.features.rows, 0);
  const offsets = new Int32Array(memory.buffer, at.offsets, rows + 1);
  let row = 0;
  let stored = 0;
  for (const { features } of parts) {
    const count = features.values.length;
    new Float64Array(memory.buffer, at.values + 8 * stored, count).set(features.values);
    const indices = new Int32Array(memory.buffer, at.indices + 4 * stored, count);
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
