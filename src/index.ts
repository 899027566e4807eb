import "./descriptors.js";
import { publishExports } from "./exec/closure/index.js";
import * as kindling from "./index.js";

export {
  AnalysisException,
  ArithmeticException,
  ArrayIndexOutOfBoundsException,
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
export * from "./rdd/index.js";
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

// Functions that use what this package exports travel with the names alone.
publishExports(() => kindling);
