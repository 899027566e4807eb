import { SparkException } from "../../common/index.js";
import type { AttemptFailure } from "../core/scheduler-types.js";

const lost = new Set(["WORKER_LOST", "OUT_OF_MEMORY", "EXECUTOR_LOST"]);
/** Another attempt would end the same way. */
const fatal = new Set(["UNSERIALIZABLE_RESULT", "UNSERIALIZABLE_TASK"]);

/** What the failure of an attempt means to the scheduler. */
export function classifyError(error: unknown): AttemptFailure {
  if (!(error instanceof SparkException) || error.condition === undefined) return { kind: "error", cause: error };
  const { condition, messageParameters } = error;
  if (condition === "FETCH_FAILED") {
    const { stageId, partition } = messageParameters;
    return { kind: "fetch", stage: Number(stageId), partition: Number(partition), cause: error };
  }
  if (lost.has(condition)) return { kind: "lost", cause: error };
  return { kind: fatal.has(condition) ? "fatal" : "error", cause: error };
}
