import "./descriptors.js";

export {
  AnalysisException,
  BloomFilter,
  ArithmeticException,
  ArrayIndexOutOfBoundsException,
  CountMinSketch,
  DateTimeException,
  EventBus,
  ExecutorLostException,
  FetchFailedException,
  IllegalArgumentException,
  IOException,
  NoSuchElementException,
  NumberFormatException,
  ParseException,
  SparkConf,
  SparkException,
  SparkRuntimeException,
  type SparkEvent,
  type SparkListener,
  UnsupportedOperationException,
} from "./common/index.js";
export * from "./linalg/index.js";
export { StorageLevel } from "./storage/index.js";
export {
  Accumulator,
  type AccumulatorParam,
  AccumulatorV2,
  Broadcast,
  CollectionAccumulator,
  DoubleAccumulator,
  LongAccumulator,
} from "./exec/shared-variables/index.js";
export {
  BoundedDouble,
  compareNatural,
  type Dependency,
  type Fractions,
  FunctionPartitioner,
  HashPartitioner,
  javaHashCode,
  type NarrowDependency,
  Partitioner,
  type PartitionFunc,
  type Partitioning,
  type RangeOptions,
  RangePartitioner,
  RDD,
  type RddStorageInfo,
  type ShuffleDependency,
  SparkContext,
  SparkFiles,
  type SparkJobInfo,
  type SparkStageInfo,
  StatCounter,
  type StatusTracker,
} from "./rdd/index.js";
export * from "./sql/types/index.js";
export * from "./sql/api/index.js";
export * from "./ml/base/index.js";
export * from "./ml/feature/index.js";
export * from "./ml/clustering/index.js";
export * from "./ml/recommendation/index.js";
export * from "./ml/evaluation/index.js";
export * from "./ml/pipeline/index.js";
export * from "./ml/tuning/index.js";
export * from "./ml/classification/index.js";
export * from "./ml/regression/index.js";
