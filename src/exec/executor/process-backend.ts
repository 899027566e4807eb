import { fork } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { distUrl, ExecutorLostException, type Master, type SparkConf } from "../../common/index.js";
import type { FileBlock, RemoteBlock } from "../../memory/index.js";
import type { StoredReceipt } from "../task.js";
import type { ExecutorMetrics } from "./executor-metrics.js";
import type { ExecutorMessage, ExecutorSetup } from "./executor-messages.js";
import { inheritedOptions } from "./inherited-options.js";
import { lostBlock, ProcessExecutor } from "./process-executor.js";
import { SharedRegistry } from "./shared-registry.js";

const START_TIMEOUT_MS = 60_000;
/** Time that a process has to end by itself when it is told to. */
const STOP_TIMEOUT_MS = 3_000;

interface Child {
  readonly executor: ProcessExecutor;
  /** Its spill directory, once it has said so. */
  directory?: string;
  /** Told to stop: its end is no loss. */
  stopping: boolean;
  /** Why it was killed, when that was us. */
  killed?: string;
  readonly exited: Promise<void>;
}

/** What the driver does for its executors. */
export interface DriverServices {
  /** Folder for what is sent to executors through files. */
  readonly directory: () => string;
  /** What a task of an executor stored, before its reply is given to anybody. */
  readonly onStored: (receipt: StoredReceipt) => void;
}

type LostListener = (id: string, reason: ExecutorLostException) => void;
type HeartbeatListener = (id: string, metrics: ExecutorMetrics) => void;

/** `local-cluster[E,C,M]`: every executor is a child process with C worker threads and M bytes of memory. */
export class ProcessBackend {
  private readonly children = new Map<string, Child>();
  private readonly lostListeners = new Set<LostListener>();
  private readonly heartbeatListeners = new Set<HeartbeatListener>();
  private readonly shared: SharedRegistry;

  readonly coresPerExecutor: number;

  constructor(
    private readonly conf: SparkConf,
    private readonly master: Extract<Master, { kind: "local-cluster" }>,
    private readonly driver: DriverServices,
  ) {
    this.coresPerExecutor = master.coresPerExecutor;
    this.shared = new SharedRegistry(driver.directory, (id) => {
      for (const { executor } of this.children.values()) executor.forget(id);
    });
  }

  async start(id: string): Promise<ProcessExecutor> {
    const environment = this.conf
      .getAll()
      .flatMap(([key, value]) =>
        key.startsWith("spark.executorEnv.") ? [[key.slice("spark.executorEnv.".length), value]] : [],
      );
    const process_ = fork(fileURLToPath(distUrl("executor.js")), [], {
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      execArgv: inheritedOptions(process.execArgv),
      env: { ...process.env, ...Object.fromEntries(environment) },
    });
    const executor = new ProcessExecutor(
      id,
      this.coresPerExecutor,
      process_,
      {
        shared: this.shared,
        fetch: (block) => this.fetch(block),
        onStored: (receipt) => this.driver.onStored(receipt),
      },
      (metrics) => this.heartbeatListeners.forEach((listener) => listener(id, metrics)),
    );
    let ended = "it could not be started";
    process_.on("error", (error) => (ended = error.message));
    const exited = new Promise<void>((resolve) => {
      process_.once("exit", (code, signal) => {
        ended = signal ? `it was ended by ${signal}` : `it exited with code ${code}`;
        resolve();
      });
      process_.once("error", () => process_.pid === undefined && resolve());
    });
    const child: Child = { executor, stopping: false, exited };
    this.children.set(id, child);
    void exited.then(() => this.ended(id, child, ended));
    const started = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        process_.kill("SIGKILL");
        reject(this.lossOf(id, `it did not start within ${START_TIMEOUT_MS / 1000} s`));
      }, START_TIMEOUT_MS);
      process_.on("message", (message: ExecutorMessage) => {
        if (message.type !== "started") return;
        child.directory = message.directory;
        clearTimeout(timer);
        resolve();
      });
      void exited.then(() => {
        clearTimeout(timer);
        reject(this.lossOf(id, ended));
      });
    });
    const setup: ExecutorSetup = {
      id,
      cores: this.coresPerExecutor,
      memory: this.master.memoryPerExecutor,
      settings: this.conf.getAll(),
      heartbeatMs: this.conf.value("heartbeatInterval"),
    };
    process_.send({ type: "start", setup });
    await started;
    process_.unref();
    process_.channel?.unref();
    return executor;
  }

  executor(id: string): ProcessExecutor | undefined {
    const child = this.children.get(id);
    return child && !child.stopping ? child.executor : undefined;
  }

  /** Executors that run now, by id. */
  present(): ReadonlyMap<string, ProcessExecutor> {
    return new Map([...this.children].flatMap(([id, { executor, stopping }]) => (stopping ? [] : [[id, executor]])));
  }

  /** Spill directories of the executors that run now. */
  directories(): ReadonlyMap<string, string> {
    return new Map(
      [...this.children].flatMap(([id, { directory, stopping }]) => (directory && !stopping ? [[id, directory]] : [])),
    );
  }

  /** The rows of a block that lies in some executor, as a file. */
  async fetch(block: RemoteBlock): Promise<FileBlock> {
    const owner = this.executor(block.remote.executor);
    if (!owner) throw lostBlock(block);
    try {
      return await owner.export(block);
    } catch (error) {
      throw error instanceof ExecutorLostException ? lostBlock(block, error) : error;
    }
  }

  onLost(listener: LostListener): () => void {
    this.lostListeners.add(listener);
    return () => this.lostListeners.delete(listener);
  }
  onHeartbeat(listener: HeartbeatListener): () => void {
    this.heartbeatListeners.add(listener);
    return () => this.heartbeatListeners.delete(listener);
  }

  kill(id: string, reason: string): void {
    const child = this.children.get(id);
    if (!child) return;
    child.killed = reason;
    child.executor.child.kill("SIGKILL");
  }

  /** Ends one executor: it is told to, and killed when it does not. */
  async stopExecutor(id: string, reason = "it was stopped"): Promise<void> {
    const child = this.children.get(id);
    if (!child) return;
    child.killed ??= reason;
    child.stopping = true;
    const { child: process_ } = child.executor;
    if (process_.connected) process_.send({ type: "stop" }, () => undefined);
    const timer = setTimeout(() => process_.kill("SIGKILL"), STOP_TIMEOUT_MS);
    process_.ref();
    await child.exited;
    clearTimeout(timer);
  }

  async stop(): Promise<void> {
    await Promise.all([...this.children.keys()].map((id) => this.stopExecutor(id)));
    this.shared.clear();
  }

  private lossOf(id: string, why: string): ExecutorLostException {
    return new ExecutorLostException(`Executor ${id} was lost: ${why}.`, {
      condition: "EXECUTOR_LOST",
      parameters: { executorId: id, reason: why },
    });
  }

  private ended(id: string, child: Child, why: string): void {
    if (this.children.get(id) === child) this.children.delete(id);
    const error = this.lossOf(id, child.killed ?? why);
    child.executor.fail(error);
    // A killed process leaves its files behind; nobody can read what it forgot.
    if (child.directory !== undefined) rmSync(child.directory, { recursive: true, force: true });
    if (!child.stopping) for (const listener of this.lostListeners) listener(id, error);
  }
}
