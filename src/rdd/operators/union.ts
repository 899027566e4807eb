import { rangeDependency, narrowDependency } from "../dependency.js";
import { defineRddOperator, type ComputeInput, type Source } from "../operator.js";
import type { RDD } from "../rdd.js";
import type { RddPlan } from "../rdd-definition.js";
import type { SparkContext } from "../spark-context.js";

/** The elements of all RDDs, one RDD after the other. RDDs with one common partitioner keep it: their partitions are joined one by one. */
export function union<T>(context: SparkContext, rdds: readonly RDD<T>[]): RDD<T> {
  return context.rdd<T>({
    className: "UnionRDD",
    operator: "rdd.union",
    plan: async (): Promise<RddPlan> => {
      const plans = await Promise.all(rdds.map((rdd) => rdd.resolved()));
      const filled = rdds.filter((_, i) => plans[i].splits.length > 0);
      const first = plans.find((plan) => plan.splits.length > 0)?.partitioner;
      const aware = first && filled.every((rdd) => rdd.plan?.partitioner?.equals(first));
      if (aware) {
        const splits = Array.from({ length: first.numPartitions }, () => undefined);
        const dependencies = filled.map((rdd) => narrowDependency(rdd, (p) => [p], "OneToOneDependency"));
        return { dependencies, splits, partitioner: first, className: "PartitionerAwareUnionRDD" };
      }
      let start = 0;
      const dependencies = filled.map((rdd) => {
        const length = rdd.plan!.splits.length;
        start += length;
        return rangeDependency(rdd, 0, start - length, length);
      });
      return { dependencies, splits: Array.from({ length: start }, () => undefined) };
    },
  });
}

defineRddOperator<undefined>({
  name: "rdd.union",
  *iterate(input) {
    for (const parent of allParents(input)) yield* parent.iterate();
  },
  push(input, sink) {
    for (const parent of allParents(input)) if (!parent.push(sink)) return false;
    return true;
  },
});

/** Parents of a partition: of all dependencies, one after the other. */
const allParents = (input: ComputeInput<undefined>): Source[] =>
  Array.from({ length: input.numDependencies }, (_, dependency) => input.parents(dependency)).flat();
