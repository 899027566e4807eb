import type { AttributeExpression } from "../expressions/index.js";
import { concatFragments } from "./concat-partitions.js";
import { physical, type PhysicalPlan } from "./execution.js";

/** Merges neighbouring partitions: group i of N holds the partitions `floor(i * count / N) .. floor((i + 1) * count / N)`. */
export function coalesceExec(child: PhysicalPlan, numPartitions: number): PhysicalPlan {
  return physical({
    name: "Coalesce",
    output: child.output,
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () => String(numPartitions),
    async execute(context) {
      const { partitions } = await child.execute(context);
      const count = partitions.length;
      if (numPartitions >= count) return { partitions };
      const start = (i: number): number => Math.floor((i * count) / numPartitions);
      return {
        partitions: Array.from({ length: numPartitions }, (_, i) =>
          concatFragments(partitions.slice(start(i), start(i + 1))),
        ),
      };
    },
  });
}

/** The partitions of all inputs, one after the other. */
export function unionExec(children: readonly PhysicalPlan[], output: readonly AttributeExpression[]): PhysicalPlan {
  const sizes = children.map((child) => child.sizeInBytes);
  return physical({
    name: "Union",
    output,
    children,
    sizeInBytes: sizes.includes(undefined) ? undefined : sizes.reduce<number>((n, size) => n + size!, 0),
    async execute(context) {
      const parts = await Promise.all(children.map((child) => child.execute(context)));
      return { partitions: parts.flatMap(({ partitions }) => partitions) };
    },
  });
}
