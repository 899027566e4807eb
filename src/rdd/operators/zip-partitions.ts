import { IllegalArgumentException, SparkException } from "../../common/index.js";
import { oneToOne } from "../dependency.js";
import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";
import type { RddPlan } from "../rdd-definition.js";

/** Several RDDs side by side, partition by partition. */
function zipped<R>(
  // eslint-disable-next-line typescript/no-explicit-any -- RDDs of any elements
  rdds: readonly RDD<any>[],
  operator: string,
  params: unknown,
  preservesPartitioning: boolean,
): RDD<R> {
  return rdds[0].derive<R>({
    className: `ZippedPartitionsRDD${rdds.length}`,
    operator,
    params,
    plan: async (): Promise<RddPlan> => {
      const plans = await Promise.all(rdds.map((rdd) => rdd.resolved()));
      const counts = plans.map((plan) => plan.splits.length);
      if (counts.some((count) => count !== counts[0])) {
        throw new IllegalArgumentException(
          `Can't zip RDDs with unequal numbers of partitions: List(${counts.join(", ")}); repartition one of them.`,
        );
      }
      return {
        dependencies: rdds.map(oneToOne),
        splits: plans[0].splits.map(() => undefined),
        ...(preservesPartitioning ? { partitioner: plans[0].partitioner } : {}),
      };
    },
  });
}

// eslint-disable-next-line typescript/no-explicit-any -- RDDs of any elements
export const zipPartitions = <R>(rdds: readonly RDD<any>[], closure: unknown, preservesPartitioning: boolean): RDD<R> =>
  zipped<R>(rdds, "rdd.zipPartitions", closure, preservesPartitioning);

export const zip = <T, U>(left: RDD<T>, right: RDD<U>): RDD<[T, U]> =>
  zipped<[T, U]>([left, right], "rdd.zip", undefined, false);

defineRddOperator<unknown>({
  name: "rdd.zipPartitions",
  iterate(input) {
    const f = input.revive<(...elements: IterableIterator<unknown>[]) => Iterable<unknown>>(input.params);
    const sources = Array.from({ length: input.numDependencies }, (_, i) => input.parent(i).iterate());
    return f(...sources)[Symbol.iterator]();
  },
});

defineRddOperator<undefined>({
  name: "rdd.zip",
  *iterate({ parent }) {
    const left = parent(0).iterate();
    const right = parent(1).iterate();
    try {
      for (;;) {
        const a = left.next();
        const b = right.next();
        if (a.done && b.done) return;
        if (a.done || b.done) {
          throw new SparkException("Can only zip RDDs with same number of elements in each partition.", {
            condition: "_LEGACY_ERROR_TEMP_3013",
          });
        }
        yield [a.value, b.value];
      }
    } finally {
      left.return?.();
      right.return?.();
    }
  },
});
