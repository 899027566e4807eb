/** How stages of one pool, or the pools of a session, are ordered. */
export type SchedulingMode = "FIFO" | "FAIR";

export interface PoolOptions {
  readonly name: string;
  readonly mode: SchedulingMode;
  readonly weight: number;
  readonly minShare: number;
}

/** Times in milliseconds. */
export interface SpeculationOptions {
  readonly interval: number;
  readonly multiplier: number;
  readonly quantile: number;
  readonly minTaskRuntime: number;
  /** A task that runs longer is copied even when too few others are done; for stages that fit into the slots. */
  readonly threshold?: number;
}

/**
 * `spark.excludeOnFailure.*`. All executors are on one machine, so the limits by node do not apply.
 * Limits that are switched off are `Infinity`.
 */
export interface ExclusionOptions {
  readonly maxTaskAttemptsPerExecutor: number;
  readonly maxFailedTasksPerExecutorInStage: number;
  readonly maxFailedTasksPerExecutor: number;
  /** How long an executor stays excluded from the application, and a failure is remembered. */
  readonly timeout: number;
  readonly killExcluded: boolean;
  /** Exclude an executor at once whose stored output could not be read. */
  readonly fetchFailure: boolean;
  /** How long a task that no executor may run waits for a fresh one before its stage fails. */
  readonly unschedulableTimeout: number;
}

export interface DynamicAllocationOptions {
  readonly min: number;
  readonly max: number;
  readonly initial: number;
  readonly ratio: number;
  readonly backlogTimeout: number;
  readonly sustainedBacklogTimeout: number;
  readonly idleTimeout: number;
  readonly cachedIdleTimeout: number;
}

/** Executors that can be started and stopped; without it there is one that lives as long as the session. */
export interface AllocationOptions {
  readonly executors: number;
  readonly coresPerExecutor: number;
  /** Executors lost in a row, without a finished task in between, before everything fails. */
  readonly maxRetries: number;
  readonly dynamic?: DynamicAllocationOptions;
}

export interface SchedulerOptions {
  readonly mode: SchedulingMode;
  readonly pools: readonly PoolOptions[];
  /** Failures of one task before its stage fails. */
  readonly maxFailures: number;
  /** The same where a lost worker or executor counts too: a local master does not retry thrown errors but survives workers. */
  readonly maxLosses: number;
  /** Fetch failures in a row before a stage fails. */
  readonly maxStageAttempts: number;
  readonly localityWait: number;
  /** Cores of a task whose stage does not say. */
  readonly taskCpus: number;
  readonly speculation?: SpeculationOptions;
  readonly exclusion?: ExclusionOptions;
  readonly allocation?: AllocationOptions;
  /** An executor that is silent for longer is lost; undefined = nobody reports. */
  readonly heartbeatTimeout?: number;
}

/** Why an attempt did not succeed. */
export type AttemptFailure =
  | { readonly kind: "error"; readonly cause: unknown }
  /** Its worker or executor died under it. */
  | { readonly kind: "lost"; readonly cause: unknown }
  /** Trying again is no use: the result cannot be sent, say. */
  | { readonly kind: "fatal"; readonly cause: unknown }
  /** Through no fault of the task: the executor was decommissioned. */
  | { readonly kind: "notCounted"; readonly cause: unknown }
  /** It could not read what a task of another stage stored. */
  | { readonly kind: "fetch"; readonly stage: number; readonly partition: number; readonly cause: unknown };

/** Why a stage failed. */
export type StageFailure =
  | {
      readonly kind: "task";
      readonly stage: number;
      readonly partition: number;
      readonly failures: number;
      readonly executor: string;
      readonly cause: unknown;
    }
  | { readonly kind: "fetch"; readonly stage: number; readonly attempts: number; readonly cause: unknown }
  | { readonly kind: "excluded"; readonly stage: number; readonly partition: number }
  | { readonly kind: "cores"; readonly stage: number; readonly cpus: number; readonly cores: number }
  | { readonly kind: "noExecutors"; readonly lost: number; readonly cause: unknown }
  | { readonly kind: "cancelled"; readonly reason: unknown };

/** What a stage is to the scheduler. */
export interface StageRequest {
  readonly stage: number;
  readonly numTasks: number;
  /** Default: all. */
  readonly partitions?: readonly number[];
  /** Kept stages that must be whole while this one launches tasks. */
  readonly inputs: readonly number[];
  readonly kept: boolean;
  readonly cpus?: number;
  readonly preferred?: (partition: number) => readonly string[];
}

export type SchedulerEvent =
  | { readonly type: "executorAdded"; readonly executor: string; readonly cores: number }
  /** An executor that was asked for could not be started. */
  | { readonly type: "executorFailed"; readonly cause: unknown }
  | {
      readonly type: "executorLost";
      readonly executor: string;
      readonly counts: boolean;
      readonly cause: unknown;
    }
  /** With `running`, attempts that the executor does not know of, or the scheduler does not, are put right. */
  | { readonly type: "heartbeat"; readonly executor: string; readonly running?: readonly number[] }
  | {
      readonly type: "jobStarted";
      readonly job: number;
      readonly pool?: string;
      readonly group?: string;
      readonly tags?: readonly string[];
    }
  | { readonly type: "jobEnded"; readonly job: number }
  | ({ readonly type: "stageSubmitted"; readonly job: number } & StageRequest)
  /** Make a kept stage whole again for a job that reads it outside of tasks. */
  | { readonly type: "outputWanted"; readonly job: number; readonly stage: number }
  | { readonly type: "outputLost"; readonly stage: number; readonly partition: number }
  | { readonly type: "outputReleased"; readonly stage: number }
  /** `stored` when the result of a stage that is not kept names blocks that lie on the executor: until the stage is complete they may be lost with it. */
  | { readonly type: "attemptSucceeded"; readonly attempt: number; readonly stored?: boolean }
  | { readonly type: "attemptFailed"; readonly attempt: number; readonly failure: AttemptFailure }
  | { readonly type: "cancelJob"; readonly job: number; readonly reason: unknown }
  | { readonly type: "cancelGroup"; readonly group: string; readonly reason: unknown }
  | { readonly type: "cancelTag"; readonly tag: string; readonly reason: unknown }
  | { readonly type: "cancelStage"; readonly stage: number; readonly reason: unknown }
  | { readonly type: "cancelAll"; readonly reason: unknown }
  | { readonly type: "tick" };

export type SchedulerCommand =
  | {
      readonly type: "launch";
      readonly attempt: number;
      readonly stage: number;
      readonly partition: number;
      /** 0, 1, 2... of this partition. */
      readonly number: number;
      readonly executor: string;
      readonly speculative: boolean;
    }
  | { readonly type: "kill"; readonly attempt: number; readonly executor: string; readonly reason: string }
  /** The executor does not know the attempt: no message about it will come. */
  | { readonly type: "abandon"; readonly attempt: number; readonly executor: string }
  /** The attempt's result is the partition's; `first` unless the partition had one before that was lost. */
  | {
      readonly type: "accept";
      readonly attempt: number;
      readonly stage: number;
      readonly partition: number;
      readonly executor: string;
      readonly first: boolean;
    }
  /** Tasks of a stage that was complete run again. */
  | { readonly type: "stageResubmitted"; readonly stage: number; readonly job: number; readonly partitions: number }
  | { readonly type: "stageCompleted"; readonly stage: number }
  | { readonly type: "stageFailed"; readonly stage: number; readonly failure: StageFailure }
  /** The job gave up a stage that goes on for other jobs. */
  | {
      readonly type: "stageAbandoned";
      readonly stage: number;
      readonly job: number;
      readonly failure: StageFailure;
    }
  | { readonly type: "jobCancelled"; readonly job: number; readonly reason: unknown }
  | { readonly type: "excluded"; readonly executor: string; readonly stage?: number }
  | { readonly type: "included"; readonly executor: string }
  | { readonly type: "requestExecutors"; readonly total: number }
  | { readonly type: "removeExecutor"; readonly executor: string; readonly reason: string };
