import type { AttemptFailure } from "../../src/exec/core/scheduler-types.js";
import type { Clock } from "./clock.js";
import { valueOf } from "./lineage.js";
import type { Random } from "./random.js";
import type { Faults, StagePlan } from "./scenario.js";

/** What the driver sends for one attempt: where the partitions of its inputs lie. */
export interface Launch {
  readonly attempt: number;
  readonly stage: StagePlan;
  readonly partition: number;
  readonly inputs: readonly { readonly stage: number; readonly executors: readonly string[] }[];
}

/** What reaches the driver. */
export interface Driver {
  executorAdded(id: string, cores: number): void;
  executorFailed(): void;
  executorLost(id: string): void;
  heartbeat(id: string, running: readonly number[]): void;
  succeeded(attempt: number, value: number): void;
  failed(attempt: number, failure: AttemptFailure): void;
}

class SimulatedExecutor {
  alive = true;
  /** Lives, but nothing it says arrives. */
  silent = false;
  readonly running = new Set<number>();
  readonly killed = new Set<number>();
  /** Stored partitions: "stage:partition". */
  readonly store = new Map<string, number>();

  constructor(readonly id: string) {}
}

const HEARTBEAT = 1_000;

/** Executors behind a network that delays, drops, doubles and reorders messages. */
export class Cluster {
  readonly executors = new Map<string, SimulatedExecutor>();
  private nextId = 0;
  private starting = 0;
  private target = 0;

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly faults: Faults,
    private readonly faultsEnd: number,
    private readonly cores: number,
    private readonly driver: Driver,
    private readonly over: () => boolean,
    private readonly trace: (text: () => string) => void,
  ) {}

  /** Has that many executors running or on their way. */
  setTarget(count: number): void {
    this.target = count;
    for (let n = this.living() + this.starting; n < count; n++) {
      this.starting++;
      this.clock.after(this.random.int(50, 400), () => {
        this.starting--;
        if (this.living() >= this.target) return;
        if (this.strikes(this.faults.failedStart)) this.driver.executorFailed();
        else this.start();
      });
    }
  }
  start(): void {
    const executor = new SimulatedExecutor(String(this.nextId++));
    this.executors.set(executor.id, executor);
    this.trace(() => `executor ${executor.id} is up`);
    this.driver.executorAdded(executor.id, this.cores);
    this.clock.after(HEARTBEAT, () => this.beat(executor));
  }
  remove(id: string): void {
    const executor = this.executors.get(id);
    if (!executor) return;
    executor.alive = false;
    this.executors.delete(id);
  }

  launch(id: string, launch: Launch): void {
    this.toExecutor(id, (executor) => {
      if (executor.running.has(launch.attempt)) return;
      executor.running.add(launch.attempt);
      const usual = this.random.int(20, 400);
      const duration = this.strikes(this.faults.straggler) ? usual * 25 : usual;
      this.clock.after(duration, () => this.finish(executor, launch));
    });
  }
  kill(id: string, attempt: number): void {
    this.toExecutor(id, (executor) => {
      if (!executor.running.has(attempt)) return;
      executor.killed.add(attempt);
      // Some tasks look at their flag at once, some finish first.
      if (this.random.chance(0.6)) this.fail(executor, attempt, { kind: "error", cause: "cancelled" });
    });
  }

  private finish(executor: SimulatedExecutor, { attempt, stage, partition, inputs }: Launch): void {
    if (!executor.alive || !executor.running.has(attempt)) return;
    if (this.strikes(this.faults.taskKillsExecutor)) {
      this.crash(executor);
      return;
    }
    if (partition === stage.poisoned) return this.fail(executor, attempt, { kind: "error", cause: "poisoned" });
    if (this.strikes(this.faults.error)) return this.fail(executor, attempt, { kind: "error", cause: "error" });
    if (this.strikes(this.faults.workerLost)) return this.fail(executor, attempt, { kind: "lost", cause: "worker" });
    const read: number[][] = [];
    for (const { stage: input, executors } of inputs) {
      const values: number[] = [];
      for (const [p, holder] of executors.entries()) {
        const value = this.executors.get(holder)?.store.get(`${input}:${p}`);
        if (value === undefined) {
          return this.fail(executor, attempt, { kind: "fetch", stage: input, partition: p, cause: "missing" });
        }
        values.push(value);
      }
      read.push(values);
    }
    const value = valueOf(stage.id, partition, read);
    const key = `${stage.id}:${partition}`;
    if (stage.kept) executor.store.set(key, value);
    executor.running.delete(attempt);
    executor.killed.delete(attempt);
    this.toDriver(executor, () => this.driver.succeeded(attempt, value));
    if (stage.kept && this.strikes(this.faults.damage / 10)) {
      this.clock.after(this.random.int(0, 1_000), () => {
        this.trace(() => `damage: ${key} on executor ${executor.id}`);
        executor.store.delete(key);
      });
    }
  }
  private fail(executor: SimulatedExecutor, attempt: number, failure: AttemptFailure): void {
    if (!executor.running.delete(attempt)) return;
    executor.killed.delete(attempt);
    this.toDriver(executor, () => this.driver.failed(attempt, failure));
  }

  private beat(executor: SimulatedExecutor): void {
    if (!executor.alive || this.over()) return;
    if (this.strikes(this.faults.crash)) {
      this.crash(executor);
      return;
    }
    if (this.strikes(this.faults.silence)) {
      this.trace(() => `executor ${executor.id} falls silent`);
      executor.silent = true;
    }
    const running = [...executor.running];
    // Connections keep the order of messages: a heartbeat does not overtake the results before it.
    if (!executor.silent) this.clock.after(30, () => this.driver.heartbeat(executor.id, running));
    this.clock.after(HEARTBEAT, () => this.beat(executor));
  }
  private crash(executor: SimulatedExecutor): void {
    if (!executor.alive) return;
    this.trace(() => `executor ${executor.id} crashes`);
    executor.alive = false;
    this.executors.delete(executor.id);
    if (executor.silent) return;
    const report = (): void => this.driver.executorLost(executor.id);
    this.clock.after(this.random.int(1, 300), report);
    if (this.strikes(this.faults.duplicate)) this.clock.after(this.random.int(1, 600), report);
  }

  /** Messages of a dead executor that were on their way still arrive. */
  private toDriver(executor: SimulatedExecutor, deliver: () => void): void {
    if (executor.silent || this.strikes(this.faults.lostMessage)) return;
    this.clock.after(this.random.int(1, 20), deliver);
    if (this.strikes(this.faults.duplicate)) this.clock.after(this.random.int(1, 2_000), deliver);
  }
  private toExecutor(id: string, deliver: (executor: SimulatedExecutor) => void): void {
    if (this.strikes(this.faults.lostMessage)) return;
    this.clock.after(this.random.int(1, 20), () => {
      const executor = this.executors.get(id);
      if (executor?.alive) deliver(executor);
    });
  }

  private strikes(probability: number): boolean {
    return this.random.chance(probability) && this.clock.now < this.faultsEnd;
  }
  private living(): number {
    return this.executors.size;
  }
}
