import { IllegalStateException, NoSuchElementException, SparkException } from "../../common/index.js";
import type { StageFailure } from "../core/scheduler-types.js";

const ABORTED = "Job aborted due to stage failure: ";

/**
 * The error a failed stage rejects with. Errors that Spark names pass as they are; anything else a task threw becomes the
 * cause of one that names stage, partition and executor.
 */
export function describeFailure(failure: Exclude<StageFailure, { kind: "cancelled" }>, stageName: string): Error {
  switch (failure.kind) {
    case "task": {
      const { cause, stage, partition, failures, executor } = failure;
      if (cause instanceof SparkException && cause.condition !== "EXECUTOR_LOST" && !isPlain(cause)) return cause;
      if (cause instanceof Error && cause.name === "AbortError") return cause;
      const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      const times = failures === 1 ? "1 time" : `${failures} times`;
      return new SparkException(
        `${ABORTED}Task ${partition} in stage ${stage} ("${stageName}") failed ${times}, most recent failure: ` +
          `Lost task ${partition} in stage ${stage} (executor ${executor}): ${text}`,
        { cause },
      );
    }
    case "fetch":
      return new SparkException(
        `${ABORTED}Stage ${failure.stage} ("${stageName}") has failed the maximum allowable number of times: ${failure.attempts}. ` +
          `Most recent failure reason: ${text(failure.cause)}. Raise "spark.stage.maxConsecutiveAttempts" to try more often.`,
        { cause: failure.cause },
      );
    case "excluded":
      return new SparkException(
        `${ABORTED}Aborting stage ${failure.stage} ("${stageName}") because task ${failure.partition} cannot run anywhere due to ` +
          "executor excludeOnFailure. ExcludeOnFailure behavior can be configured via spark.excludeOnFailure.*.",
      );
    case "cores":
      return new SparkException(
        `${ABORTED}A task of stage ${failure.stage} ("${stageName}") needs ${failure.cpus} cpus, an executor has ${failure.cores}; ` +
          `lower "spark.task.cpus" or give executors more cores in "spark.master".`,
      );
    case "noExecutors":
      return new SparkException(
        `${ABORTED}${failure.lost} executors were lost in a row and none is left. Most recent loss: ${text(failure.cause)}`,
        { cause: failure.cause },
      );
  }
}

const text = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** What is a plain exception of the JVM in Spark too. */
const isPlain = (cause: SparkException): boolean =>
  cause.condition === undefined && (cause instanceof IllegalStateException || cause instanceof NoSuchElementException);
