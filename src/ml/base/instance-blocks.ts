import { definePartitionFunction } from "../../exec/index.js";
import type { InstancesPayload, LaidOutBlock } from "./instance-block.js";
import { PartitionLayout } from "./partition-layout.js";

/** Lays one partition's training rows out in blocks that kernels run on in place, or read from files in passes. */
export const instances = definePartitionFunction<InstancesPayload, LaidOutBlock[]>({
  name: "ml.instances",
  async run(payload, batches, context) {
    const layout = new PartitionLayout(payload, context);
    for await (const batch of batches) {
      context.checkCancelled();
      layout.add(batch);
    }
    return layout.finish();
  },
});
