import type { Batch } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import { adoptable, adoptedBlock, type AdoptedRows, allFinite, extend, rowsFrom, takeTail } from "./adopted-rows.js";
import { blockBytesFor, denseRowsFor, type InstancesPayload, type LaidOutBlock } from "./instance-block.js";
import { checkScalars, fittingRows, type InstanceRows, readRows, rowBytes, sliceRows } from "./instance-rows.js";
import { RowsLayout } from "./lay-out-rows.js";

/**
 * The rows of one partition on their way into blocks. Rows that lie in a cached block are adopted where they are, others
 * are copied. Dense rows are cut at the same places whichever way they go, so that what training adds up, unit by unit, does
 * not depend on how much of the data was in memory.
 */
export class PartitionLayout {
  private readonly blocks: LaidOutBlock[] = [];
  private readonly layout: RowsLayout;
  /** Rows of the block that is being filled. */
  private parts: InstanceRows[] = [];
  private bytes = 0;
  private adopted: AdoptedRows | undefined;
  private size = -1;
  private acquired = false;

  constructor(
    private readonly payload: InstancesPayload,
    private readonly context: TaskContext,
  ) {
    this.layout = new RowsLayout(payload, context);
  }

  add(batch: Batch): void {
    if (batch.numRows === 0) return;
    const inPlace = this.inPlace(batch);
    let copied: InstanceRows | undefined;
    for (let start = 0; start < batch.numRows;) {
      if (inPlace && this.parts.length === 0) {
        start = this.adopt(inPlace, start);
      } else {
        copied ??= readRows(batch, this.payload, this.size);
        start = this.copy(copied, start);
      }
    }
  }

  finish(): LaidOutBlock[] {
    this.closeParts();
    this.closeAdopted();
    return this.blocks;
  }

  /** The batch as it lies in a cached block, when nothing needs to be copied and its rows pass the checks. */
  private inPlace(batch: Batch): AdoptedRows | undefined {
    const { payload, size } = this;
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

  /** Adopts the rows from `start` on, or makes room for them; returns where to go on. */
  private adopt(rows: AdoptedRows, start: number): number {
    const next = rowsFrom(rows, start);
    this.size = rows.size;
    if (this.adopted && !extend(this.adopted, next)) {
      this.endAdopted();
      return start;
    }
    this.adopted ??= next;
    return start + next.rows;
  }

  /** Copies rows from `start` on into the block that is being filled, until it is full; returns where to go on. */
  private copy(rows: InstanceRows, start: number): number {
    this.endAdopted();
    const { features } = rows;
    const { form } = this.payload;
    this.size = features.size;
    const limit = blockBytesFor(this.size, this.payload);
    // The rows of a block on their way and the block itself: less is not possible, so a refusal changes nothing.
    if (!this.acquired) this.context.memory.acquire(2 * limit);
    this.acquired = true;
    const fitting = fittingRows(features, start, limit - this.bytes, form);
    const end = this.bytes === 0 ? Math.max(fitting, start + 1) : fitting;
    if (end > start) this.parts.push(sliceRows(rows, start, end));
    this.bytes += rowBytes(features, start, end, form);
    const full = features.form === "dense" && this.bytes + 8 * this.size > limit;
    if (end < features.rows || full) this.closeParts();
    return end;
  }

  /** Ends the adopted stretch at the last place where units are cut; the rows behind it begin a block of copies. */
  private endAdopted(): void {
    if (!this.adopted) return;
    const tail = takeTail(this.adopted, this.adopted.rows % denseRowsFor(this.size, this.payload));
    if (tail) {
      this.parts.push(tail);
      this.bytes += rowBytes(tail.features, 0, tail.features.rows, this.payload.form);
    }
    this.closeAdopted();
  }

  private closeAdopted(): void {
    const { adopted, payload, context } = this;
    if (adopted && adopted.rows > 0) this.blocks.push(adoptedBlock(adopted, payload, context.partitionId));
    this.adopted = undefined;
  }

  private closeParts(): void {
    if (this.parts.length > 0) this.blocks.push(this.layout.layOut(this.parts));
    [this.parts, this.bytes] = [[], 0];
  }
}
