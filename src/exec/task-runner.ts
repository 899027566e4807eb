import { serializeError, SparkException } from "../common/index.js";
import { blockWriter } from "./block-writer.js";
import { taskMemory } from "./task-memory.js";
import { taskOf, type TaskMessage, type TaskReply } from "./task.js";

/** Runs one task on a worker; an error comes back as data, so that its Spark condition survives the trip. */
export async function runTask(message: TaskMessage): Promise<TaskReply> {
  const cancelled = new Int32Array(message.cancelled);
  const checkCancelled = (): void => {
    if (Atomics.load(cancelled, 0) !== 0)
      throw new SparkException("The job was cancelled.", { condition: "SPARK_JOB_CANCELLED" });
  };
  const { task, payload, cancelled: _, ...at } = message;
  try {
    checkCancelled();
    const context = { ...at, checkCancelled, memory: taskMemory(), blocks: blockWriter() };
    return { result: await taskOf(task).run(payload, context) };
  } catch (error) {
    return { error: serializeError(error) };
  }
}
