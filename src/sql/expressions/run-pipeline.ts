import { type Batch, type BytesColumn, type Column, isFixed, type Layout, widthOf } from "../../columnar/index.js";
import { pipelineWords, WORDS_PER_COLUMN } from "../codegen/index.js";
import { type CompiledPipeline, instantiatePipeline } from "./compile-pipeline.js";

/** Where a pipeline puts its batches: the execution heap, a region of it freed with the task. */
export interface PipelineMemory {
  readonly memory: WebAssembly.Memory;
  /** Address of so many bytes, 64-byte aligned. */
  allocate(bytes: number): number;
}

export interface PipelineResult {
  readonly columns: readonly Column[];
  /** Numbers of the rows kept, ascending. */
  readonly selection: Int32Array;
}

/** A buffer on the heap that is made larger when a batch needs it. */
class Area {
  address = 0;
  private size = 0;
  constructor(private readonly heap: PipelineMemory) {}
  reserve(bytes: number): number {
    if (bytes > this.size || this.address === 0) {
      this.size = Math.max(64, Math.ceil(bytes * 1.25));
      this.address = this.heap.allocate(this.size);
    }
    return this.address;
  }
}

interface ColumnAreas {
  readonly validity: Area;
  readonly values: Area;
  readonly bytes: Area;
}

/** One task's instance of a compiled pipeline: copies a batch's columns to the heap, runs the code, copies the result out. */
export class PipelineRun {
  private readonly run: (argument: number, numRows: number) => number;
  private readonly argument: number;
  private readonly inputs: readonly ColumnAreas[];
  private readonly outputs: readonly ColumnAreas[];
  private readonly selection: Area;
  private readonly texts: number;

  constructor(
    private readonly compiled: CompiledPipeline,
    private readonly heap: PipelineMemory,
  ) {
    this.run = instantiatePipeline(compiled, heap.memory);
    const { built, inputs } = compiled;
    const areas = (): ColumnAreas => ({ validity: new Area(heap), values: new Area(heap), bytes: new Area(heap) });
    this.inputs = inputs.map(areas);
    this.outputs = built.outputs.map(areas);
    this.selection = new Area(heap);
    this.argument = heap.allocate(4 * pipelineWords(inputs.length, built.outputs.length));
    this.texts = heap.allocate(built.texts.length);
    this.view(this.texts, built.texts.length).set(built.texts);
  }

  private view(address: number, bytes: number): Uint8Array {
    return new Uint8Array(this.heap.memory.buffer, address, bytes);
  }

  /** Undefined where a value has no result (overflow, division by zero): evaluate row by row to get the error. */
  next(batch: Batch): PipelineResult | undefined {
    const { built, inputs } = this.compiled;
    const { numRows } = batch;
    const words: number[] = [];
    let textBytes = numRows * built.longestText;
    inputs.forEach(({ ordinal }, k) => {
      const column = batch.columns[ordinal];
      words.push(...this.copyIn(column, this.inputs[k]));
      if (column.layout === "utf8") textBytes += column.offsets[column.length] - column.offsets[0];
    });
    built.outputs.forEach(({ layout }, k) => words.push(...this.prepare(layout, numRows, textBytes, this.outputs[k])));
    const selection = this.selection.reserve(4 * numRows);
    words.push(selection, this.texts);
    new Int32Array(this.heap.memory.buffer, this.argument, words.length).set(words);
    const kept = this.run(this.argument, numRows);
    if (kept < 0) return undefined;
    const first = WORDS_PER_COLUMN * inputs.length;
    return {
      selection: new Int32Array(this.heap.memory.buffer, selection, kept).slice(),
      columns: built.outputs.map(({ layout, nullable }, k) =>
        this.copyOut(layout, nullable, kept, words.slice(first + WORDS_PER_COLUMN * k)),
      ),
    };
  }

  private copy(source: { buffer: ArrayBufferLike; byteOffset: number; byteLength: number }, area: Area): number {
    const { buffer, byteOffset, byteLength } = source;
    // Columns that lie on the heap already are read in place.
    if (buffer === this.heap.memory.buffer) return byteOffset;
    const address = area.reserve(byteLength);
    this.view(address, byteLength).set(new Uint8Array(buffer, byteOffset, byteLength));
    return address;
  }

  private copyIn(column: Column, areas: ColumnAreas): [number, number, number] {
    const validity = column.validity === null ? 0 : this.copy(column.validity, areas.validity);
    if (column.layout === "utf8") {
      const { offsets, bytes } = column as BytesColumn;
      // Only the slice's own text is copied; the address is moved so that its offsets still fit.
      const own = bytes.subarray(offsets[0], offsets[column.length]);
      return [validity, this.copy(offsets, areas.values), this.copy(own, areas.bytes) - offsets[0]];
    }
    return [validity, this.copy((column as { values: Uint8Array }).values, areas.values), 0];
  }

  private prepare(layout: Layout, rows: number, textBytes: number, areas: ColumnAreas): [number, number, number] {
    const bitmap = (rows + 7) >> 3;
    const validity = areas.validity.reserve(bitmap);
    this.view(validity, bitmap).fill(0);
    if (layout === "utf8") {
      const offsets = areas.values.reserve(4 * (rows + 1));
      this.view(offsets, 4).fill(0);
      return [validity, offsets, areas.bytes.reserve(textBytes)];
    }
    const size = layout === "bool" ? bitmap : rows * (isFixed(layout) ? widthOf[layout] : 0);
    const values = areas.values.reserve(size);
    if (layout === "bool") this.view(values, size).fill(0);
    return [validity, values, 0];
  }

  private copyOut(layout: Layout, nullable: boolean, rows: number, [valid, values, bytes]: readonly number[]): Column {
    const buffer = this.heap.memory.buffer as ArrayBuffer;
    const bitmap = (rows + 7) >> 3;
    const flags = nullable ? new Uint8Array(buffer, valid, bitmap).slice() : null;
    const validity = flags && hasNulls(flags, rows) ? flags : null;
    const base = { length: rows, validity };
    switch (layout) {
      case "bool":
        return { ...base, layout, values: new Uint8Array(buffer, values, bitmap).slice() };
      case "utf8": {
        const offsets = new Int32Array(buffer, values, rows + 1).slice();
        return { ...base, layout, offsets, bytes: new Uint8Array(buffer, bytes, offsets[rows]).slice() };
      }
      case "i64":
        return { ...base, layout, values: new BigInt64Array(buffer, values, rows).slice() };
      default: {
        const kind = layout as keyof typeof arrays;
        return { ...base, layout: kind, values: new arrays[kind](buffer, values, rows).slice() };
      }
    }
  }
}

const arrays = { i8: Int8Array, i16: Int16Array, i32: Int32Array, f32: Float32Array, f64: Float64Array } as const;

function hasNulls(bits: Uint8Array, length: number): boolean {
  const whole = length >> 3;
  for (let i = 0; i < whole; i++) if (bits[i] !== 255) return true;
  return (length & 7) !== 0 && bits[whole] !== (1 << (length & 7)) - 1;
}
