import { checkSettings, EventBus, type Master, parseMaster, type SparkConf, SparkException } from "../common/index.js";
import { makeSpillDirectory } from "../storage/index.js";
import { BlockStore } from "./block-store.js";
import { ClusterPasses } from "./executor/cluster-passes.js";
import { ExecutorFleet } from "./executor/executor-fleet.js";
import { localExecutor } from "./executor/local-executor.js";
import { otherExecutors } from "./executor/other-executors.js";
import { ProcessBackend } from "./executor/process-backend.js";
import { PassPool } from "./pass-pool.js";
import type { Passes, PassRequest } from "./pass.js";
import { engineStarted, engineStopped } from "./running-engines.js";
import { type ExecutorControl, Scheduler, schedulerOptions } from "./scheduler.js";
import { AccumulatorRegistry } from "./shared-variables/accumulator-registry.js";

/** Where an engine's tasks and passes run. */
interface Place {
  openPasses<C>(request: PassRequest<C>): Passes;
  stop(): Promise<void>;
}
import { isTaskWorker } from "./worker-heap.js";

/** What runs jobs: executors, scheduler, passes, stored blocks. A SparkContext and its sessions stand on one engine. */
export class Engine {
  readonly events = new EventBus();
  /** Tasks that run at the same time. */
  readonly parallelism: number;
  readonly scheduler: Scheduler;
  /** Stored blocks: results, shuffle output, cached partitions. */
  readonly blocks: BlockStore;
  readonly accumulators = new AccumulatorRegistry();
  private readonly place: Place;
  private stopping: Promise<void> | undefined;

  constructor(readonly conf: SparkConf) {
    if (isTaskWorker()) {
      throw new SparkException("SparkContext should only be created and accessed on the driver, not inside a task.", {
        condition: "CONTEXT_ONLY_VALID_ON_DRIVER",
      });
    }
    checkSettings(conf);
    conf.setIfMissing("spark.master", conf.value("master")).setIfMissing("spark.app.name", conf.value("appName"));
    const master = parseMaster(conf.value("master"));
    this.blocks = new BlockStore(conf, "driver");
    if (master.kind === "local") {
      this.parallelism = master.threads;
      this.scheduler = new Scheduler(schedulerOptions(conf, master), this.events);
      this.place = this.onThreads(master.threads);
    } else {
      this.parallelism = master.executors * master.coresPerExecutor;
      const cluster = this.onProcesses(master);
      this.scheduler = new Scheduler(schedulerOptions(conf, master), this.events, cluster.control);
      this.place = cluster;
    }
    Object.assign(this.scheduler.hooks, this.blocks.schedulerHooks());
    this.scheduler.hooks.onUpdates = (updates) => this.accumulators.apply(updates);
    engineStarted(this);
  }

  openPasses<C>(request: PassRequest<C>): Passes {
    this.assertRunning();
    return this.place.openPasses(request);
  }

  get isStopped(): boolean {
    return this.stopping !== undefined;
  }

  assertRunning(): void {
    if (!this.isStopped) return;
    throw new SparkException(
      "Cannot call methods on a stopped SparkSession; make a new one with SparkSession.builder.",
      { condition: "SESSION_STOPPED" },
    );
  }

  /** Ends all jobs, threads and processes; nothing of the engine keeps this process alive afterwards. */
  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async end(): Promise<void> {
    engineStopped(this);
    this.scheduler.cancelAll(new SparkException("The session was stopped."));
    this.scheduler.stop();
    await this.place.stop();
    this.blocks.stop();
  }

  private onThreads(cores: number): Place {
    const memory = this.conf.value("executorMemory");
    const executor = localExecutor(this.conf, { id: "driver", cores, memory }, this.blocks.executorHooks());
    this.scheduler.executorAdded(executor);
    return executor;
  }

  private onProcesses(
    master: Extract<Master, { kind: "local-cluster" }>,
  ): Place & { readonly control: ExecutorControl } {
    const backend = new ProcessBackend(this.conf, master, {
      directory: () => {
        makeSpillDirectory(this.blocks.spill.path);
        return this.blocks.spill.path;
      },
      onStored: (receipt) => this.blocks.adopt(receipt),
    });
    this.blocks.onRemoteReleased = ({ executor, id }) => backend.executor(executor)?.release([id]);
    this.blocks.others = otherExecutors(backend);
    const fleet = new ExecutorFleet(backend, () => this.scheduler);
    // Blocks that a trainer made in the driver's memory are worked on there.
    const own = new PassPool(this.parallelism);
    return {
      control: fleet,
      openPasses: (request) =>
        request.blocks.every((block) => "memory" in block)
          ? own.openPasses(request)
          : new ClusterPasses(request, backend),
      stop: async () => {
        await own.stop();
        await fleet.stop();
      },
    };
  }
}
