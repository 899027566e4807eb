import { serializeError, SparkException } from "../common/index.js";
import { taskOf, type TaskMessage } from "./task.js";

/** Runs one task on a worker; an error comes back as data, so that its Spark condition survives the trip. */
export async function runTask(message: TaskMessage): Promise<{ result: unknown } | { error: unknown }> {
  const cancelled = new Int32Array(message.cancelled);
  const checkCancelled = (): void => {
    if (Atomics.load(cancelled, 0) !== 0)
      throw new SparkException("The job was cancelled.", { condition: "SPARK_JOB_CANCELLED" });
  };
  const { partitionId, numPartitions, attempt } = message;
  try {
    checkCancelled();
    const result = await taskOf(message.task).run(message.payload, {
      partitionId,
      numPartitions,
      attempt,
      checkCancelled,
    });
    return { result };
  } catch (error) {
    return { error: serializeError(error) };
  }
}
