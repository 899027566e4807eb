import type { ChildProcess } from "node:child_process";
import {
  deserializeError,
  ExecutorLostException,
  FetchFailedException,
  serializeError,
  SparkException,
} from "../../common/index.js";
import type { FileBlock, RemoteBlock } from "../../memory/index.js";
import type { StoredReceipt, TaskMessage, TaskReply } from "../task.js";
import type { TaskExecutor } from "../scheduling/task-executor.js";
import type { ExecutorMetrics } from "./executor-metrics.js";
import type { DriverMessage, ExecutorMessage } from "./executor-messages.js";
import type { SharedRegistry } from "./shared-registry.js";
import { decodeReply } from "./transport/foreign-reply.js";
import { blocksElsewhere, encodePayload, type EncodedPayload } from "./transport/foreign-payload.js";
import { readShared } from "./transport/read-shared.js";
import { unserializable } from "./worker-death.js";

type Answer = Exclude<ExecutorMessage, { readonly type: "started" | "heartbeat" }>;

interface Waiting<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

/** What an executor needs of the others. */
export interface Neighbours {
  readonly shared: SharedRegistry;
  /** The block's rows as a file that every process can read; rejects with FETCH_FAILED when its executor is gone. */
  fetch(block: RemoteBlock): Promise<FileBlock>;
  onStored(receipt: StoredReceipt): void;
}

/** Driver side of one executor process. */
export class ProcessExecutor implements TaskExecutor {
  private readonly tasks = new Map<number, Waiting<TaskReply>>();
  /** Attempts whose payload is not ready yet; true once they were cancelled. */
  private readonly preparing = new Map<number, boolean>();
  private readonly exporting = new Map<string, Promise<FileBlock>>();
  private readonly requests = new Map<number, Waiting<FileBlock>>();
  private readonly passes = new Map<number, Waiting<Uint8Array>>();
  /** Shared memory that the process has. */
  private readonly known = new Set<number>();
  private nextRequest = 0;
  private lost: ExecutorLostException | undefined;
  private held = 0;

  constructor(
    readonly id: string,
    readonly cores: number,
    readonly child: ChildProcess,
    private readonly neighbours: Neighbours,
    private readonly onHeartbeat: (metrics: ExecutorMetrics) => void,
  ) {
    child.on("message", (message: ExecutorMessage) => this.receive(message));
  }

  async run(message: TaskMessage): Promise<TaskReply> {
    const { payload: value, cancelled: _, ...rest } = message;
    const attempt = message.taskAttemptId;
    let payload: EncodedPayload;
    this.preparing.set(attempt, false);
    try {
      payload = await this.encode(value);
      if (this.preparing.get(attempt)) throw cancelled();
    } catch (error) {
      if (error instanceof ExecutorLostException) throw error;
      const unsent = error instanceof Error && error.name === "DataCloneError";
      return { error: serializeError(unsent ? unserializable("payload", message, error) : error) };
    } finally {
      this.preparing.delete(attempt);
    }
    return this.await(this.tasks, attempt, { type: "run", message: rest, payload });
  }

  cancel(taskAttemptId: number): void {
    if (this.preparing.has(taskAttemptId)) this.preparing.set(taskAttemptId, true);
    else if (this.tasks.has(taskAttemptId)) this.post({ type: "cancel", attempt: taskAttemptId });
  }

  /** Nobody reads these blocks of the process any more. */
  release(ids: readonly string[]): void {
    for (const id of ids) this.exporting.delete(id);
    this.post({ type: "release", blocks: ids });
  }

  forget(shared: number): void {
    if (this.known.delete(shared)) this.post({ type: "forget", shared: [shared] });
  }

  /** Has the process write a block of its own to a file. */
  export({ remote: { id, origin } }: RemoteBlock): Promise<FileBlock> {
    let file = this.exporting.get(id);
    if (!file) {
      const request = this.nextRequest++;
      file = this.await(this.requests, request, { type: "export", request, block: id, origin });
      file.catch(() => this.exporting.delete(id));
      this.exporting.set(id, file);
    }
    return file;
  }

  /** Opens passes over blocks that the process holds, or that lie in files. */
  async openPasses(set: number, request: unknown): Promise<void> {
    const payload = await this.encode(request);
    this.post({ type: "openPasses", set, payload });
  }
  /** Runs one pass; the outputs of its units, one after the other. */
  runPass(set: number, op: number, input: Uint8Array): Promise<Uint8Array> {
    return this.await(this.passes, set, { type: "pass", set, op, input });
  }
  abortPass(set: number): void {
    if (this.passes.has(set)) this.post({ type: "abortPass", set });
  }
  closePasses(set: number): void {
    this.post({ type: "closePasses", set });
  }

  /** The process is gone: everything that waits for it fails. */
  fail(error: ExecutorLostException): void {
    if (this.lost) return;
    this.lost = error;
    for (const waiting of [this.tasks, this.requests, this.passes]) {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    }
    this.exporting.clear();
  }

  /** The payload in a form for this process, once it has the shared memory and others' blocks that are in it. */
  private async encode(value: unknown): Promise<EncodedPayload> {
    const files = new Map<RemoteBlock, FileBlock>();
    const elsewhere = blocksElsewhere(value, this.id);
    await Promise.all(elsewhere.map(async (block) => files.set(block, await this.neighbours.fetch(block))));
    const { shared } = this.neighbours;
    const payload = encodePayload(
      value,
      this.id,
      (buffer, wasm) => shared.numberOf(buffer, wasm),
      (block) => files.get(block)!,
    );
    for (const id of payload.shared) {
      if (this.known.has(id)) continue;
      this.post({ type: "share", ...shared.content(id) });
      this.known.add(id);
    }
    return payload;
  }

  private await<K, T>(waiting: Map<K, Waiting<T>>, key: K, message: DriverMessage): Promise<T> {
    if (this.lost) return Promise.reject(this.lost);
    const answer = new Promise<T>((resolve, reject) => waiting.set(key, { resolve, reject }));
    this.post(message);
    // While it owes an answer the process keeps the driver alive.
    if (this.held++ === 0) this.child.channel?.ref();
    const done = (): void => {
      if (--this.held === 0) this.child.channel?.unref();
    };
    answer.then(done, done);
    return answer;
  }

  private post(message: DriverMessage): void {
    if (this.lost || !this.child.connected) return;
    // A write to a process that is dying fails; its exit tells everybody who waits.
    this.child.send(message, () => undefined);
  }

  private receive(message: ExecutorMessage): void {
    if (this.lost || message.type === "started") return;
    if (message.type === "heartbeat") {
      const { metrics } = message;
      this.onHeartbeat({ ...metrics, running: [...metrics.running, ...this.preparing.keys()] });
    } else this.settle(message);
  }

  private settle(message: Answer): void {
    switch (message.type) {
      case "reply": {
        const { bytes, shared } = message;
        const contents = new Map(shared.map((content) => [content.id, readShared(content)]));
        const reply = decodeReply(bytes, contents);
        if (reply.stored) this.neighbours.onStored(reply.stored);
        return take(this.tasks, message.attempt)?.resolve(reply);
      }
      case "failed": {
        const error = deserializeError(message.error);
        const waiting = take(this.tasks, message.attempt);
        // A dead thread rejects, as on threads of this process; what the child found wrong before the task ran is its error.
        if (error instanceof ExecutorLostException) waiting?.reject(error);
        else waiting?.resolve({ error: message.error });
        return;
      }
      case "exported":
        return take(this.requests, message.request)?.resolve(message.file);
      case "exportFailed":
        return take(this.requests, message.request)?.reject(deserializeError(message.error));
      case "passed":
        return take(this.passes, message.set)?.resolve(message.outputs);
      case "passFailed":
        return take(this.passes, message.set)?.reject(deserializeError(message.error));
    }
  }
}

const cancelled = (): SparkException =>
  new SparkException("The task was cancelled.", { condition: "SPARK_JOB_CANCELLED" });

function take<K, V>(map: Map<K, V>, key: K): V | undefined {
  const value = map.get(key);
  map.delete(key);
  return value;
}

/** The error of a task that names a block of an executor which is gone. */
export function lostBlock({ remote }: RemoteBlock, cause?: SparkException): FetchFailedException {
  const { executor, id, origin } = remote;
  return new FetchFailedException(`Block ${id} was lost with executor ${executor}.`, {
    parameters: {
      stageId: String(origin?.stageId ?? -1),
      partition: String(origin?.partition ?? -1),
      path: `executor ${executor}, block ${id}`,
    },
    ...(cause ? { cause } : {}),
  });
}
