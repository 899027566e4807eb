import { serialize } from "node:v8";
import { FetchFailedException, serializeError, SparkConf, type SerializedError } from "../../common/index.js";
import { isResident, type FileBlock, type ResidentBlock } from "../../memory/index.js";
import { BlockStore } from "../block-store.js";
import { remotePath } from "../cached-blocks.js";
import { unitGroups } from "../pass-blocks.js";
import type { Passes, PassRequest } from "../pass.js";
import type { DriverMessage, ExecutorMessage, ExecutorSetup, SharedContent } from "./executor-messages.js";
import { ExportedBlocks } from "./exported-blocks.js";
import { localExecutor } from "./local-executor.js";
import type { ThreadExecutor } from "./thread-executor.js";
import { decodePayload, type EncodedPayload } from "./transport/foreign-payload.js";
import type { EncodedReply } from "./transport/foreign-reply.js";
import { readShared } from "./transport/read-shared.js";
import type { SharedBuffer } from "./transport/shared-values.js";
import type { ForeignPayload } from "./worker-task.js";

type Message<T extends DriverMessage["type"]> = Extract<DriverMessage, { type: T }>;

interface OpenPasses {
  readonly passes: Passes;
  /** Units that run here. */
  readonly units: readonly number[];
  readonly abort: AbortController;
}

/** The main thread of an executor child: hands what the driver sends to its worker and pass threads, and answers. */
export class ExecutorProcess {
  private readonly conf: SparkConf;
  private readonly store: BlockStore;
  private readonly threads: ThreadExecutor;
  private readonly exports: ExportedBlocks;
  /** Shared memory of the driver, by its number. */
  private readonly shared = new Map<number, SharedBuffer>();
  /** Blocks that stayed here, by the id under which the driver knows them. */
  private readonly blocks = new Map<string, ResidentBlock>();
  private readonly passes = new Map<number, OpenPasses>();
  private readonly heartbeat: NodeJS.Timeout;

  constructor(
    private readonly setup: ExecutorSetup,
    private readonly send: (message: ExecutorMessage) => void,
  ) {
    this.conf = new SparkConf().setAll(setup.settings).set("spark.executor.memory", `${setup.memory}b`);
    this.store = new BlockStore(this.conf, setup.id);
    this.exports = new ExportedBlocks(this.store.spill);
    this.threads = localExecutor(this.conf, setup, this.store.executorHooks());
    this.threads.warm();
    this.heartbeat = setInterval(() => this.beat(), setup.heartbeatMs);
    send({ type: "started", pid: process.pid, directory: this.store.spill.path });
  }

  handle(message: Exclude<DriverMessage, { type: "start" }>): void {
    switch (message.type) {
      case "share":
        this.shared.set(message.id, readShared(message));
        return;
      case "forget":
        for (const id of message.shared) this.shared.delete(id);
        return;
      case "run":
        return void this.run(message);
      case "cancel":
        return this.threads.cancel(message.attempt);
      case "release":
        return this.release(message.blocks);
      case "export":
        return this.export(message);
      case "openPasses":
        return this.openPasses(message);
      case "pass":
        return void this.pass(message);
      case "abortPass":
        return this.passes.get(message.set)?.abort.abort();
      case "closePasses":
        this.passes.get(message.set)?.passes.close();
        this.passes.delete(message.set);
        return;
      case "stop":
        return void this.stop();
    }
  }

  private async run({ message, payload }: Message<"run">): Promise<void> {
    const attempt = message.taskAttemptId;
    try {
      const foreign = this.foreign(payload);
      const task = { ...message, payload: undefined, cancelled: new SharedArrayBuffer(4) };
      const answer = (await this.threads.submit({ message: task, foreign })) as
        EncodedReply | { readonly error: SerializedError };
      if ("error" in answer) return this.send({ type: "reply", attempt, bytes: serialize(answer), shared: [] });
      this.store.adopt(answer.stored);
      const movable = new Map(answer.stored?.movable?.map((of) => [(of.block as ResidentBlock).buffer, of]));
      for (const [id, block] of answer.blocks) {
        const cached = movable.get(block.buffer);
        if (cached) this.store.putBlock(id, cached);
        else this.blocks.set(id, block);
      }
      const shared = [...answer.shared].map(([id, { buffer, wasm }]): SharedContent => ({
        id,
        wasm,
        content: new Uint8Array(buffer).slice(),
      }));
      this.send({ type: "reply", attempt, bytes: answer.bytes, shared });
    } catch (error) {
      this.send({ type: "failed", attempt, error: serializeError(error) });
    }
  }

  /** What a payload names, in this process. */
  private foreign({ bytes, shared, blocks }: EncodedPayload): ForeignPayload {
    return {
      executor: this.setup.id,
      bytes,
      shared: new Map(shared.map((id) => [id, this.shared.get(id)!])),
      blocks: new Map(
        blocks.map(({ id, origin }) => {
          const block = this.blocks.get(id) ?? this.store.getBlock(id);
          if (block) return [id, block];
          throw new FetchFailedException(`Block ${id} is not on executor ${this.setup.id} any more.`, {
            parameters: {
              stageId: String(origin?.stageId ?? -1),
              partition: String(origin?.partition ?? -1),
              path: remotePath({ executor: this.setup.id, id }),
            },
          });
        }),
      ),
    };
  }

  private release(ids: readonly string[]): void {
    const released = ids.flatMap((id) => this.blocks.get(id) ?? []);
    for (const id of ids) {
      this.blocks.delete(id);
      this.store.remove(id);
    }
    this.store.release(released);
    this.exports.release(ids);
  }

  private export({ request, block: id, origin }: Message<"export">): void {
    try {
      const block = this.foreign({ bytes: nothing, shared: [], blocks: [{ id, origin }] }).blocks.get(id)!;
      const file = isResident(block) ? this.exports.write(id, block, origin) : (block as FileBlock);
      this.send({ type: "exported", request, file });
    } catch (error) {
      this.send({ type: "exportFailed", request, error: serializeError(error) });
    }
  }

  private openPasses({ set, payload }: Message<"openPasses">): void {
    try {
      const abort = new AbortController();
      const request = decodePayload(this.foreign(payload)) as PassRequest<unknown>;
      const units = unitGroups(request.blocks, request.units).flat();
      const passes = this.threads.openPasses({ ...request, signal: abort.signal });
      this.passes.set(set, { passes, units, abort });
    } catch (error) {
      this.send({ type: "passFailed", set, error: serializeError(error) });
    }
  }

  private async pass({ set, op, input }: Message<"pass">): Promise<void> {
    const open = this.passes.get(set);
    if (!open) return;
    const { passes, units } = open;
    try {
      new Uint8Array(passes.input.buffer, passes.input.byteOffset, input.byteLength).set(input);
      await passes.run(op);
      this.send({ type: "passed", set, outputs: outputsOf(passes, units) });
    } catch (error) {
      this.send({ type: "passFailed", set, error: serializeError(error) });
    }
  }

  private beat(): void {
    const { rss, heapUsed } = process.memoryUsage();
    this.send({ type: "heartbeat", metrics: { rss, heapUsed, running: this.threads.running } });
  }

  private async stop(): Promise<void> {
    clearInterval(this.heartbeat);
    await this.threads.stop();
    this.store.stop();
    process.disconnect();
  }
}

const nothing = new Uint8Array(0);

/** These units' outputs, one after the other. */
function outputsOf(passes: Passes, units: readonly number[]): Uint8Array {
  const outputs = units.map((unit) => passes.output(unit));
  const all = new Float64Array(outputs.reduce((n, output) => n + output.length, 0));
  let at = 0;
  for (const output of outputs) {
    all.set(output, at);
    at += output.length;
  }
  return new Uint8Array(all.buffer);
}
