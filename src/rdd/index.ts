import "./aggregator.js";
import "./driver-only.js";
import "./actions/action-task.js";
import "./actions/collect.js";
import "./actions/foreach.js";
import "./actions/reduce.js";
import "./operators/checkpointed.js";
import "./operators/element-wise.js";
import "./operators/partition-wise.js";
import "./shuffle/map-task.js";

export { RDD } from "./rdd.js";
export { SparkContext } from "./spark-context.js";
export { SparkFiles } from "./spark-files.js";
export { StatusTracker, type SparkJobInfo, type SparkStageInfo } from "./status-tracker.js";
export type { RddStorageInfo } from "./rdd-storage.js";
export { Partitioner, type PartitionerSpec } from "./partitioner.js";
export { HashPartitioner } from "./partitioners/hash-partitioner.js";
export { FunctionPartitioner, type PartitionFunc } from "./partitioners/function-partitioner.js";
export { RangePartitioner, type RangeOptions } from "./partitioners/range-partitioner.js";
export { javaHashCode } from "./partitioners/java-hash.js";
export type { Partitioning } from "./pair/choose-partitioner.js";
export type { Fractions } from "./sampling/sample-by-key.js";
export { StatCounter } from "./numeric/stat-counter.js";
export { BoundedDouble } from "./approximate/bounded-double.js";
export { compareNatural } from "./ordering.js";
export { type Dependency, type NarrowDependency, ShuffleDependency } from "./dependency.js";
export {
  type ComputeInput,
  defineRddOperator,
  type RddOperator,
  type Sink,
  type Source,
  type ShuffleInput,
} from "./operator.js";
export { defineRddAction, type RddAction } from "./action.js";
export type { RddDefinition, RddPlan } from "./rdd-definition.js";
export { decodeInto, decodeRows, encodeRows, ElementBuilder } from "./codec/index.js";
export { resolveLineage } from "./jobs/lineage.js";
export { runMapStages } from "./jobs/map-stages.js";
export { nodeSpecOf } from "./jobs/node-spec-of.js";
export type { NodeSpec } from "./compute/node-spec.js";
export { TaskCompute } from "./compute/task-compute.js";
