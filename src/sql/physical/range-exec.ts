import type { RangeRelation } from "../plan/index.js";
import { physical, type PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";
import type { RangeFragment } from "./range-scan.js";

export function rangeExec(plan: RangeRelation): PhysicalPlan {
  const { start, step, count, numPartitions, output } = plan;
  return physical({
    name: "Range",
    output,
    children: [],
    sizeInBytes: Number(count) * 8,
    describe: () => `(${start}, ${start + count * step}, step=${step}, splits=${numPartitions})`,
    execute: async () => ({
      partitions: Array.from(
        { length: numPartitions },
        (_, i) =>
          ({
            op: "range",
            start,
            step,
            from: (BigInt(i) * count) / BigInt(numPartitions),
            to: (BigInt(i + 1) * count) / BigInt(numPartitions),
            width: output.length,
          }) satisfies RangeFragment as Fragment,
      ),
    }),
  });
}
