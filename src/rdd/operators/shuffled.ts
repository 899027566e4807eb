import { ShuffleDependency, type ShuffleOptions } from "../dependency.js";
import { defineRddOperator } from "../operator.js";
import type { Partitioner } from "../partitioner.js";
import type { RDD } from "../rdd.js";

export interface ShuffledOptions extends ShuffleOptions {
  /** Where pairs go; a function where that takes a look at the data first. */
  readonly partitioner: Partitioner | (() => Partitioner | Promise<Partitioner>);
}

/** The pairs of an RDD, each in the partition that the partitioner gives its key; combined and sorted as the options say. */
export function shuffled<K, V, C = V>(parent: RDD<[K, V]>, options: ShuffledOptions): RDD<[K, C]> {
  const { partitioner: given, ...rest } = options;
  return parent.derive<[K, C]>({
    className: "ShuffledRDD",
    operator: "rdd.shuffled",
    plan: async () => {
      const partitioner = typeof given === "function" ? await given() : given;
      return {
        dependencies: [new ShuffleDependency(parent, partitioner, rest)],
        splits: Array.from({ length: partitioner.numPartitions }, () => undefined),
        partitioner,
      };
    },
  });
}

defineRddOperator<undefined>({
  name: "rdd.shuffled",
  count: ({ shuffle }) => shuffle().count?.(),
  stored: ({ shuffle }) => shuffle().stored?.(),
  iterate: ({ shuffle }) => shuffle().iterate(),
  push: ({ shuffle }, sink) => shuffle().push(sink),
});
