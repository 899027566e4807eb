import { toBlock, type Batch } from "../../columnar/index.js";
import { definePartitionFunction } from "../../exec/index.js";
import type { Block } from "../../memory/index.js";
import type { StoredBlock } from "../plan/index.js";
import { concatBatches, toBlocks } from "./collect-blocks.js";
import { gatherBatch } from "./sample.js";

/** Some rows of key columns, and how many rows they stand for. */
export interface KeySample {
  readonly block: Block | undefined;
  readonly numRows: number;
}

export interface SampleKeysRequest {
  readonly ordinals: readonly number[];
  /** Rows to keep of the partition. */
  readonly size: number;
}

/** A partition's rows, stored for a second reading, and evenly spaced ones of their key columns. */
export const storeAndSample = definePartitionFunction<
  SampleKeysRequest,
  { readonly blocks: readonly StoredBlock[]; readonly sample: KeySample }
>({
  name: "sql.storeAndSample",
  async run({ ordinals, size }, batches, context) {
    const sampler = new KeySampler(ordinals, size);
    const blocks = await toBlocks(sampler.watch(batches), Number.POSITIVE_INFINITY, false, context);
    return { blocks, sample: sampler.sample() };
  },
});

/** Rows that a sampler keeps at least before it thins them out. */
const KEPT_ROWS = 65_536;

/** Evenly spaced rows of a stream, without knowing its length: of too many rows every second one is forgotten. */
export class KeySampler {
  private parts: Batch[] = [];
  private kept = 0;
  private seen = 0;
  private stride = 1;

  constructor(
    private readonly ordinals: readonly number[],
    private readonly size: number,
  ) {}

  /** The stream itself, seen as it passes. */
  async *watch(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
    for await (const batch of batches) {
      if (batch.numRows > 0) this.add(batch);
      yield batch;
    }
  }

  add({ numRows, columns }: Batch): void {
    const keys: Batch = { numRows, columns: this.ordinals.map((i) => columns[i]) };
    const part = everyNth(keys, (this.stride - (this.seen % this.stride)) % this.stride, this.stride);
    this.seen += numRows;
    if (part.numRows === 0) return;
    this.parts.push(part);
    this.kept += part.numRows;
    while (this.kept > Math.max(KEPT_ROWS, 4 * this.size)) {
      this.parts = [everyNth(concatBatches(this.parts), 0, 2)];
      this.kept = this.parts[0].numRows;
      this.stride *= 2;
    }
  }

  sample(): KeySample {
    if (this.kept === 0) return { block: undefined, numRows: this.seen };
    const { kept } = this;
    const count = Math.min(this.size, kept);
    const rows = Int32Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * kept) / count));
    return { block: toBlock(gatherBatch(concatBatches(this.parts), rows)), numRows: this.seen };
  }
}

function everyNth(batch: Batch, start: number, step: number): Batch {
  if (step === 1) return batch;
  const count = Math.max(0, Math.ceil((batch.numRows - start) / step));
  return gatherBatch(
    batch,
    Int32Array.from({ length: count }, (_, i) => start + i * step),
  );
}
