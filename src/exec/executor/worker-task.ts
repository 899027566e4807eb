import type { Block } from "../../memory/index.js";
import type { TaskMessage } from "../task.js";
import type { StorageSettings } from "../task-storage.js";
import type { SharedBuffer } from "./transport/shared-values.js";

/** What worker threads are started with. */
export interface WorkerStart {
  /** Memory of the execution heap. */
  readonly heap: WebAssembly.Memory;
  /** By slot: a worker writes its thread id here when it takes a task. */
  readonly threadOfSlot: Int32Array;
  /** Memory budget and spill directory of the process. */
  readonly storage?: StorageSettings;
}

/** Payload of a task that came from the driver's process; its result goes back there as bytes. */
export interface ForeignPayload {
  /** This process. */
  readonly executor: string;
  readonly bytes: Uint8Array;
  /** Shared memory that the bytes name, by id. */
  readonly shared: ReadonlyMap<number, SharedBuffer>;
  /** Blocks of this process that the payload names, by id. */
  readonly blocks: ReadonlyMap<string, Block>;
}

/** What a worker thread is handed. */
export interface WorkerTask {
  readonly message: TaskMessage;
  /** Number of the running task in its process: 0 to cores - 1. */
  readonly slot: number;
  readonly foreign?: ForeignPayload;
}
