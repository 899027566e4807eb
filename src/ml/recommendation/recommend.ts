import { f32Column, i32Column, type ListColumn, listColumn, type NumberColumn } from "../../columnar/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { instantiateKernels } from "../../kernels/index.js";
import { allocateBlock } from "../../memory/index.js";
import type { FactorTable } from "./factor-table.js";

export interface RecommendPayload {
  /** What is recommended. */
  readonly table: FactorTable;
  readonly num: number;
}

/** Rows worked on at a time, unless their recommendations would take more room than this many. */
const CHUNK = 1024;
const MAX_RESULTS = 1 << 22;

/** For each row of factors the best `num` rows of a table, by dot product: best first, of equal ones the higher id first. */
export const recommend = defineBatchFunction<RecommendPayload>({
  name: "ml.als.recommend",
  open: ({ table, num }) => {
    const ranker = new Ranker(table, Math.min(num, table.ids.length));
    return ([features], numRows) => {
      const { offsets, child } = features as ListColumn;
      return { columns: [ranker.best((child as NumberColumn).values as Float32Array, offsets, numRows)] };
    };
  },
});

class Ranker {
  private readonly memory: WebAssembly.Memory;
  private readonly kernels: Record<string, (...args: number[]) => number>;
  private readonly at: readonly number[];
  private readonly stride: number;
  private readonly chunk: number;

  constructor(
    private readonly table: FactorTable,
    private readonly num: number,
  ) {
    const { rank, ids, values } = table;
    this.stride = Math.ceil(rank / 4) * 4;
    this.chunk = Math.max(1, Math.min(CHUNK, Math.floor(MAX_RESULTS / Math.max(1, num))));
    const { block, positions } = allocateBlock({
      kernels: true,
      directory: () => ({ kind: "als.recommend" }),
      buffers: [ids.length * this.stride, this.chunk * this.stride, this.chunk * num, this.chunk * num].map(
        (n) => 4 * n,
      ),
    });
    this.memory = block.memory as WebAssembly.Memory;
    this.at = positions;
    this.kernels = instantiateKernels(this.memory);
    const padded = new Float32Array(this.memory.buffer, positions[0], ids.length * this.stride);
    for (let row = 0; row < ids.length; row++) {
      padded.set(values.subarray(row * rank, (row + 1) * rank), row * this.stride);
    }
  }

  best(values: Float32Array, offsets: Int32Array, numRows: number): ListColumn {
    const { num, stride, table, memory } = this;
    const [items, chunkAt, columnsAt, scoresAt] = this.at;
    const ids = new Int32Array(numRows * num);
    const ratings = new Float32Array(numRows * num);
    for (let start = 0; start < numRows; start += this.chunk) {
      const rows = Math.min(this.chunk, numRows - start);
      const chunk = new Float32Array(memory.buffer, chunkAt, rows * stride);
      for (let r = 0; r < rows; r++) {
        chunk.set(values.subarray(offsets[start + r], offsets[start + r + 1]), r * stride);
      }
      if (num > 0) this.kernels.als_top(chunkAt, rows, items, table.ids.length, stride, num, columnsAt, scoresAt);
      const columns = new Int32Array(memory.buffer, columnsAt, rows * num);
      ratings.set(new Float32Array(memory.buffer, scoresAt, rows * num), start * num);
      for (let k = 0; k < columns.length; k++) ids[start * num + k] = table.ids[columns[k]];
    }
    const bounds = Int32Array.from({ length: numRows + 1 }, (_, i) => i * num);
    const children = [i32Column(ids), f32Column(ratings)];
    return listColumn(bounds, { layout: { struct: ["i32", "f32"] }, length: ids.length, validity: null, children });
  }
}
