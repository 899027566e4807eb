import { readFileSync } from "node:fs";
import type { PassPool } from "../../../src/exec/index.js";
import { allocateBlock } from "../../../src/memory/index.js";
import type { InstanceBlock } from "../../../src/ml/base/instance-block.js";
import { KMeansPoints } from "../../../src/ml/clustering/kmeans-points.js";

export interface Sample {
  readonly rows: readonly (readonly number[])[];
  readonly weights?: readonly number[];
}

/** Named numeric columns of a CSV file with a header. */
export function readColumns(path: string, names: readonly string[]): number[][] {
  const [header, ...lines] = readFileSync(path, "utf8").trim().split("\n");
  const at = names.map((name) => header.split(",").indexOf(name));
  return lines.map((line) => {
    const cells = line.split(",");
    return at.map((i) => Number(cells[i]));
  });
}

/** Lays rows out in `partitions` contiguous blocks, dense or CSR. */
export function layOut(sample: Sample, partitions: number, form: "dense" | "csr" = "dense") {
  const { rows } = sample;
  const numFeatures = rows[0].length;
  const blocks = Array.from({ length: partitions }, (_, partition) => {
    const from = rows.findIndex((_row, i) => Math.floor((i * partitions) / rows.length) === partition);
    const part = from < 0 ? [] : rows.filter((_row, i) => Math.floor((i * partitions) / rows.length) === partition);
    const csr = part.map((row) => row.flatMap((value, f) => (value === 0 ? [] : [[f, value]])));
    const nnz = form === "dense" ? part.length * numFeatures : csr.flat().length;
    const { block, positions } = allocateBlock({
      kernels: true,
      directory: () => ({}),
      buffers: [8 * nnz, 8 * part.length, 4 * (part.length + 1), 4 * nnz],
    });
    const [values, weight, offsets, indices] = positions;
    new Float64Array(block.buffer, values, nnz).set(
      form === "dense" ? part.flat() : csr.flat().map(([, value]) => value),
    );
    if (form === "csr") {
      new Int32Array(block.buffer, indices, nnz).set(csr.flat().map(([f]) => f));
      const starts = new Int32Array(block.buffer, offsets, part.length + 1);
      csr.forEach((row, i) => (starts[i + 1] = starts[i] + row.length));
    }
    if (sample.weights)
      new Float64Array(block.buffer, weight, part.length).set(sample.weights.slice(from, from + part.length));
    const info: InstanceBlock = {
      form,
      partition,
      rows: part.length,
      numFeatures,
      nnz,
      values,
      offsets,
      indices,
      label: 0,
      largestLabel: 0,
      weight: sample.weights ? weight : 0,
      extra: [],
      unitRows: part.length,
      first: { indices: undefined, values: new Float64Array(0), label: 0 },
    };
    return { memory: block.memory as WebAssembly.Memory, info };
  }).filter(({ info }) => info.rows > 0);
  return {
    blocks,
    passes: { blocks },
    numRows: rows.length,
    numFeatures,
    // Cuts each block in two, so that units start in the middle of partitions.
    units: () =>
      blocks.flatMap(({ info }, block) => {
        const middle = Math.floor(info.rows / 2);
        return [
          { block, start: 0, end: middle },
          { block, start: middle, end: info.rows },
        ];
      }),
  };
}

export function openPoints(
  pool: PassPool,
  sample: Sample,
  settings: { k: number; cosine?: boolean; partitions?: number; form?: "dense" | "csr" },
): KMeansPoints {
  return new KMeansPoints({
    layout: layOut(sample, settings.partitions ?? 1, settings.form),
    open: (request) => pool.openPasses(request),
    k: settings.k,
    cosine: settings.cosine ?? false,
    pieces: 4,
  });
}
