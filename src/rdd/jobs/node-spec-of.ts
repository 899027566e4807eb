import { SparkException } from "../../common/index.js";
import type { StageOutput, StorageFlags } from "../../exec/index.js";
import type { InputSpec, NodeSpec } from "../compute/node-spec.js";
import type { Dependency, ShuffleDependency } from "../dependency.js";
import { piecesOf, type MapOutput } from "../shuffle/map-output.js";
import type { AnyRdd } from "./lineage.js";

/** A stage that was left out because what it feeds was cached, and then was not any more. */
export class MissingParentStage extends SparkException {}

/** The kept map stages that are there, by dependency. */
export type MapOutputs = ReadonlyMap<ShuffleDependency, StageOutput<MapOutput>>;

/** What a task is told to compute a partition of a planned RDD: made anew for every attempt, with the blocks of that moment. */
export function nodeSpecOf(rdd: AnyRdd, partition: number, outputs: MapOutputs): NodeSpec {
  const plan = rdd.plan!;
  const { definition } = rdd;
  const cached = rdd.is_cached ? rdd.context.cachedPartition(rdd.id(), partition) : undefined;
  return {
    operator: plan.operator ?? definition.operator,
    params: plan.params ?? definition.params,
    split: cached ? undefined : plan.present ? plan.present(partition) : plan.splits[partition],
    partition,
    // What is cached is not computed: its lineage stays at home.
    inputs: cached ? [] : plan.dependencies.map((dependency) => inputOf(dependency, partition, outputs)),
    ...(rdd.is_cached
      ? {
          cache: {
            id: `rdd_${rdd.id()}_${partition}`,
            level: flagsOf(rdd.level),
            ...(cached ? { blocks: cached } : {}),
          },
        }
      : {}),
  };
}

function inputOf(dependency: Dependency, partition: number, outputs: MapOutputs): InputSpec {
  if (dependency.kind === "narrow") {
    const parents = dependency.parentsOf(partition);
    return { narrow: parents.map((parent) => nodeSpecOf(dependency.rdd, parent, outputs)) };
  }
  const output = outputs.get(dependency);
  if (!output) throw new MissingParentStage(`Shuffle ${dependency.shuffleId} has not run.`);
  const { aggregator, mapSideCombine, ordering } = dependency.options;
  return {
    shuffle: {
      pieces: piecesOf(output.results(), partition),
      combined: mapSideCombine === true,
      ...(aggregator ? { aggregator } : {}),
      ...(ordering ? { ordering } : {}),
    },
  };
}

/** A storage level as it travels. */
export const flagsOf = ({ useDisk, useMemory, useOffHeap, deserialized, replication }: StorageFlags): StorageFlags => ({
  useDisk,
  useMemory,
  useOffHeap,
  deserialized,
  replication,
});
