import type { SchedulerOptions } from "../../src/exec/core/scheduler-types.js";
import { Random } from "./random.js";

export interface StagePlan {
  readonly id: number;
  readonly numTasks: number;
  readonly inputs: readonly number[];
  readonly kept: boolean;
  /** Not kept, but its results lie on the executors until the stage is complete. */
  readonly stored: boolean;
  readonly cpus: number;
  /** Number of the executor, counted from the first ever, that each partition prefers. */
  readonly preferred: readonly number[] | undefined;
  /** A partition whose task always fails. */
  readonly poisoned: number | undefined;
}

export interface JobPlan {
  readonly id: number;
  readonly start: number;
  readonly pool: string | undefined;
  readonly group: string;
  readonly tags: readonly string[];
  readonly stages: readonly StagePlan[];
}

/** Probabilities by task, message or executor and second. */
export interface Faults {
  readonly error: number;
  readonly workerLost: number;
  readonly taskKillsExecutor: number;
  readonly straggler: number;
  readonly lostMessage: number;
  readonly duplicate: number;
  readonly crash: number;
  readonly silence: number;
  readonly damage: number;
  readonly failedStart: number;
}

export interface Cancellation {
  readonly time: number;
  readonly what: "job" | "group" | "tag" | "stage" | "all";
  readonly target: number;
}

export interface Scenario {
  readonly seed: number;
  readonly options: SchedulerOptions;
  /** Of the executors that are there from the start, where they do not come and go. */
  readonly fixed: { readonly executors: number; readonly cores: number } | undefined;
  readonly jobs: readonly JobPlan[];
  readonly faults: Faults;
  readonly faultsEnd: number;
  readonly cancellations: readonly Cancellation[];
}

/** A random cluster, random jobs and random trouble. */
export function scenarioOf(seed: number): Scenario {
  const random = new Random(seed);
  const local = random.chance(0.25);
  const executors = local ? 1 : random.int(1, 4);
  const cores = random.int(1, 3);
  const options = optionsOf(random, local, executors, cores);
  const jobs = jobsOf(random, cores, executors);
  const some = (probability: number): number => (random.chance(0.4) ? random.next() * probability : 0);
  return {
    seed,
    options,
    fixed: local ? { executors, cores } : undefined,
    jobs,
    faults: {
      error: some(0.15),
      workerLost: some(0.1),
      taskKillsExecutor: local ? 0 : some(0.05),
      straggler: some(0.2),
      lostMessage: local ? 0 : some(0.1),
      duplicate: some(0.3),
      crash: local ? 0 : some(0.3),
      silence: local ? 0 : some(0.1),
      damage: some(0.5),
      failedStart: local ? 0 : some(0.3),
    },
    faultsEnd: 15_000,
    cancellations: random.chance(0.3)
      ? Array.from({ length: random.int(1, 2) }, () => ({
          time: random.int(1, 8_000),
          what: random.pick(["job", "group", "tag", "stage", "all"] as const),
          target: random.int(0, 3),
        }))
      : [],
  };
}

function optionsOf(random: Random, local: boolean, executors: number, cores: number): SchedulerOptions {
  const maxFailures = local ? random.pick([1, 1, 3]) : random.int(2, 5);
  const max = executors + random.int(0, 2);
  return {
    mode: random.pick(["FIFO", "FAIR"] as const),
    pools: [
      {
        name: "heavy",
        mode: random.pick(["FIFO", "FAIR"] as const),
        weight: random.int(1, 4),
        minShare: random.int(0, 3),
      },
      { name: "light", mode: random.pick(["FIFO", "FAIR"] as const), weight: 1, minShare: random.int(0, 2) },
    ],
    maxFailures,
    maxLosses: Math.max(maxFailures, 4),
    maxStageAttempts: 4,
    localityWait: random.pick([0, 100, 3_000]),
    taskCpus: 1,
    ...(random.chance(0.4)
      ? {
          speculation: {
            interval: 100,
            multiplier: random.pick([1.5, 3]),
            quantile: random.pick([0.5, 0.9]),
            minTaskRuntime: 100,
            ...(random.chance(0.3) ? { threshold: 800 } : {}),
          },
        }
      : {}),
    ...(random.chance(0.35)
      ? {
          exclusion: {
            maxTaskAttemptsPerExecutor: random.int(1, 2),
            maxFailedTasksPerExecutorInStage: random.int(1, 3),
            maxFailedTasksPerExecutor: random.int(1, 3),
            timeout: random.pick([2_000, 20_000]),
            killExcluded: random.chance(0.5),
            fetchFailure: random.chance(0.3),
            unschedulableTimeout: 5_000,
          },
        }
      : {}),
    ...(local
      ? {}
      : {
          heartbeatTimeout: 4_000,
          allocation: {
            executors,
            coresPerExecutor: cores,
            maxRetries: 10,
            ...(random.chance(0.4)
              ? {
                  dynamic: {
                    min: random.int(0, 1),
                    max,
                    initial: random.int(0, max),
                    ratio: random.pick([1, 0.5]),
                    backlogTimeout: 200,
                    sustainedBacklogTimeout: 200,
                    idleTimeout: random.pick([500, 3_000]),
                    cachedIdleTimeout: 30_000,
                  },
                }
              : {}),
          },
        }),
  };
}

function jobsOf(random: Random, cores: number, executors: number): JobPlan[] {
  let nextStage = 0;
  const kept: number[] = [];
  const wide = random.chance(0.2) && cores > 1;
  const places = random.chance(0.4);
  return Array.from({ length: random.int(1, 5) }, (_, id) => {
    const own: number[] = [];
    const count = random.int(1, 4);
    const stages = Array.from({ length: count }, (_unused, index): StagePlan => {
      const stage = nextStage++;
      const numTasks = random.chance(0.05) ? 0 : random.int(1, random.chance(0.2) ? 24 : 6);
      const inputs = new Set<number>();
      if (own.length > 0) inputs.add(random.pick(own));
      if (kept.length > 0 && random.chance(0.3)) inputs.add(random.pick(kept));
      const isKept = index < count - 1;
      if (isKept) own.push(stage);
      return {
        id: stage,
        numTasks,
        inputs: [...inputs],
        kept: isKept,
        stored: !isKept && random.chance(0.4),
        cpus: wide ? random.int(1, cores) : 1,
        preferred: places ? Array.from({ length: numTasks }, () => random.int(0, executors)) : undefined,
        poisoned: numTasks > 0 && random.chance(0.02) ? random.int(0, numTasks - 1) : undefined,
      };
    });
    kept.push(...own);
    return {
      id,
      start: random.int(0, 2_000),
      pool: random.pick([undefined, "heavy", "light", "unknown"]),
      group: `g${random.int(0, 2)}`,
      tags: random.chance(0.5) ? [`t${random.int(0, 2)}`] : [],
      stages,
    };
  });
}
