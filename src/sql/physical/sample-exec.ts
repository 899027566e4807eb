import type { Sample } from "../plan/index.js";
import { physical, type PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";
import type { SampleFragment } from "./sample.js";

export function sampleExec(child: PhysicalPlan, plan: Sample): PhysicalPlan {
  const { lower, upper, withReplacement, seed } = plan;
  return physical({
    name: "Sample",
    output: child.output,
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () => `${lower}, ${upper}, ${withReplacement}, ${seed}`,
    async execute(context) {
      const { partitions } = await child.execute(context);
      return {
        partitions: partitions.map(
          (input, partition) =>
            ({
              op: "sample",
              input,
              lower,
              upper,
              withReplacement,
              seed,
              partition,
            }) satisfies SampleFragment as Fragment,
        ),
      };
    },
  });
}
