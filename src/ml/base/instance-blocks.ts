import type { Batch } from "../../columnar/index.js";
import { definePartitionFunction } from "../../exec/index.js";
import { adoptable, adoptedBlock, type AdoptedRows, allFinite, extend } from "./adopted-rows.js";
import { blockBytesFor, type InstancesPayload, type LaidOutBlock } from "./instance-block.js";
import { checkScalars, fittingRows, type InstanceRows, readRows, rowBytes, sliceRows } from "./instance-rows.js";
import { RowsLayout } from "./lay-out-rows.js";

/** Lays one partition's training rows out in blocks that kernels run on in place, or read from files in passes. */
export const instances = definePartitionFunction<InstancesPayload, LaidOutBlock[]>({
  name: "ml.instances",
  async run(payload, batches, context) {
    const blocks: LaidOutBlock[] = [];
    const layout = new RowsLayout(payload, context);
    let parts: InstanceRows[] = [];
    let adopted: AdoptedRows | undefined;
    let size = -1;
    let bytes = 0;
    let acquired = false;
    const closeAdopted = (): void => {
      if (adopted) blocks.push(adoptedBlock(adopted, payload, context.partitionId));
      adopted = undefined;
    };
    const closeParts = (): void => {
      if (parts.length > 0) blocks.push(layout.layOut(parts));
      [parts, bytes] = [[], 0];
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
      const part = readRows(batch, payload, size);
      const { features } = part;
      ({ size } = features);
      const limit = blockBytesFor(size, payload);
      // The rows of a block on their way and the block itself: less is not possible, so a refusal changes nothing.
      if (!acquired) context.memory.acquire(2 * limit);
      acquired = true;
      for (let start = 0; start < features.rows;) {
        const fitting = fittingRows(features, start, limit - bytes, payload.form);
        const end = bytes === 0 ? Math.max(fitting, start + 1) : fitting;
        if (end > start) parts.push(sliceRows(part, start, end));
        bytes += rowBytes(features, start, end, payload.form);
        if (end < features.rows) closeParts();
        start = end;
      }
    }
    closeParts();
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
