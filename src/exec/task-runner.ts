import { serializeError, SparkException } from "../common/index.js";
import { loadWantedModules } from "./closure/index.js";
import { exportReply, sharingWriter } from "./executor/transport/export-reply.js";
import { decodePayload } from "./executor/transport/foreign-payload.js";
import { encodeReply, type EncodedReply } from "./executor/transport/foreign-reply.js";
import { unserializable } from "./executor/worker-death.js";
import type { WorkerTask } from "./executor/worker-task.js";
import type { TaskContext } from "./partition-function.js";
import { beginTask, endTask } from "./shared-variables/running-task.js";
import { TaskStorage } from "./task-storage.js";
import { type TaskMessage, taskOf, type TaskReply } from "./task.js";
import { enterSlot } from "./worker-heap.js";

/** Runs one task on a worker; an error comes back as data, so that its Spark condition survives the trip. */
export async function runTask(workerTask: WorkerTask): Promise<TaskReply | EncodedReply> {
  const { message, slot, foreign } = workerTask;
  enterSlot(slot);
  const cancelled = new Int32Array(message.cancelled);
  const checkCancelled = (): void => {
    if (Atomics.load(cancelled, 0) !== 0)
      throw new SparkException("The job was cancelled.", { condition: "SPARK_JOB_CANCELLED" });
  };
  const { task, payload, cancelled: _, ...at } = message;
  const storage = new TaskStorage(message, slot);
  const { memory, blocks } = storage;
  const context: TaskContext = { ...at, checkCancelled, memory, blocks: foreign ? sharingWriter(blocks) : blocks };
  const started = performance.now();
  try {
    checkCancelled();
    beginTask(context);
    const result = await taskOf(task).run(foreign ? decodePayload(foreign) : payload, context);
    const metrics = { runMs: performance.now() - started, spilledBytes: blocks.spilledBytes, peakMemory: memory.peak };
    const reply: TaskReply = { result, metrics, ...endTask() };
    if (foreign) return exported(reply, foreign.executor, context, storage, message);
    const stored = storage.succeeded();
    return stored ? { ...reply, stored } : reply;
  } catch (thrown) {
    endTask();
    storage.failed();
    let error = thrown;
    try {
      // Its functions come from modules that this thread had not imported: now it has.
      if (await loadWantedModules()) return await runTask(workerTask);
    } catch (cause) {
      error = cause;
    }
    const reply = { error: serializeError(error) };
    return foreign ? encodeReply(reply, noBlocks) : reply;
  }
}

function exported(
  reply: TaskReply,
  executor: string,
  context: TaskContext,
  storage: TaskStorage,
  message: TaskMessage,
): EncodedReply {
  try {
    return exportReply(reply, executor, context, () => storage.succeeded());
  } catch (error) {
    if (error instanceof Error && error.name === "DataCloneError") throw unserializable("result", message, error);
    throw error;
  }
}

const noBlocks = (): never => {
  throw new Error("an error holds no blocks");
};
