import { ExecutorLostException, SparkException } from "../../common/index.js";
import type { TaskMessage } from "../task.js";

const placeOf = (message: TaskMessage): string =>
  `partition ${message.partitionId} of stage ${message.stageId} (attempt ${message.attempt})`;

/** Why the thread under a task is gone, from what the pool said. `stopped`: it was us, and why. */
export function workerDeath(cause: unknown, message: TaskMessage, stopped: string | undefined): ExecutorLostException {
  const parameters = { stageId: String(message.stageId), partition: String(message.partitionId) };
  const lost = (condition: string, why: string): ExecutorLostException =>
    new ExecutorLostException(`The worker of ${placeOf(message)} ${why}`, { condition, parameters, cause });
  if (stopped !== undefined) return lost("WORKER_LOST", `was stopped: ${stopped}.`);
  const { code, message: text } = cause as NodeJS.ErrnoException;
  if (code === "ERR_WORKER_OUT_OF_MEMORY") {
    return lost(
      "OUT_OF_MEMORY",
      `ran out of memory; give it more with spark.executor.memory, or use more and smaller partitions.`,
    );
  }
  const exit = /exited with code: (-?\d+)/.exec(text ?? "");
  return lost("WORKER_LOST", exit ? `ended with exit code ${exit[1]}.` : `died: ${text}`);
}

/** The same, when the process used too much memory outside of JavaScript's heaps. */
export const outOfMemory = (message: TaskMessage, why: string, cause: unknown): ExecutorLostException =>
  new ExecutorLostException(
    `The worker of ${placeOf(message)} was stopped: ${why}; give it more with spark.executor.memory or ` +
      `spark.executor.memoryOverhead, or use more and smaller partitions.`,
    {
      condition: "OUT_OF_MEMORY",
      parameters: { stageId: String(message.stageId), partition: String(message.partitionId) },
      cause,
    },
  );

/** A result or payload that structured clone refuses: no attempt will do better. */
export const unserializable = (what: "result" | "payload", message: TaskMessage, cause: Error): SparkException =>
  new SparkException(
    `The ${what} of ${placeOf(message)} cannot be sent between the driver and a worker: ${cause.message} ` +
      `Use plain data, typed arrays, Maps, Sets, Dates or vectors; functions, sockets and class instances with state stay where they are.`,
    {
      condition: what === "result" ? "UNSERIALIZABLE_RESULT" : "UNSERIALIZABLE_TASK",
      parameters: { stageId: String(message.stageId), partition: String(message.partitionId) },
      cause,
    },
  );
