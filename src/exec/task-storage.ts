import { UnifiedMemory } from "../memory/index.js";
import { localRoot, SpillDirectory } from "../storage/index.js";
import { SparkConf } from "../common/index.js";
import { TaskBlocks, type Compression } from "./block-writer.js";
import { collectGarbage } from "./collect-garbage.js";
import type { StoredReceipt, TaskMessage } from "./task.js";
import { SlotMemory } from "./task-memory.js";

/** What worker threads need to know of their process's storage; `BlockStore.workerSettings()` makes it. */
export interface StorageSettings {
  /** The budget: see UnifiedMemory. */
  readonly memory: SharedArrayBuffer;
  /** The process's spill directory, which the first writer makes. */
  readonly directory: string;
  readonly compression: Compression;
}

let settings: StorageSettings | undefined;
let epoch = 0;

/** Gives a task worker its process's storage, when the worker starts. */
export function attachWorkerStorage(given: StorageSettings): void {
  settings = given;
  epoch = new UnifiedMemory(given.memory).epoch;
}

/** Storage of a process without a block store (a task that a test runs on its own): no limit, files in a directory of its own. */
function unlimited(): StorageSettings {
  return {
    memory: UnifiedMemory.allocate(Number.MAX_SAFE_INTEGER, 0),
    directory: new SpillDirectory(localRoot(new SparkConf())).path,
    compression: { stored: false, spilled: false, packed: true },
  };
}

/** One running task's memory and blocks. Exactly one of `succeeded` and `failed` ends it. */
export class TaskStorage {
  readonly memory: SlotMemory;
  readonly blocks: TaskBlocks;
  private readonly budget: UnifiedMemory;

  constructor(message: Pick<TaskMessage, "stageId" | "partitionId" | "taskAttemptId">, slot: number) {
    const { memory, directory, compression } = (settings ??= unlimited());
    this.budget = new UnifiedMemory(memory, slot);
    this.budget.setBusy(slot, true);
    const origin = { stageId: message.stageId, partition: message.partitionId };
    this.memory = new SlotMemory(this.budget, slot);
    this.blocks = new TaskBlocks(
      this.budget,
      this.memory,
      directory,
      compression,
      origin,
      `task-${message.taskAttemptId}`,
    );
    this.collect();
  }

  /** Gives back what was the task's own; what it stored goes to the main thread's block store with the reply. */
  succeeded(): StoredReceipt | undefined {
    try {
      return this.blocks.handOver();
    } finally {
      this.end();
    }
  }

  /** Gives back everything. */
  failed(): void {
    try {
      this.blocks.giveBack();
    } finally {
      this.end();
    }
  }

  private end(): void {
    this.memory.release(this.memory.held);
    this.budget.setBusy(this.memory.slot, false);
  }

  /** Handles to blocks that were given back keep their memory until this thread's garbage is collected. */
  private collect(): void {
    const now = this.budget.epoch;
    if (now === epoch) return;
    epoch = now;
    collectGarbage();
  }
}
