/** One job: the stages an action runs. Its signal fires when it is cancelled or one of its tasks failed. */
export interface Job {
  readonly id: number;
  readonly signal: AbortSignal;
}

export interface Stage {
  readonly name: string;
  /** Registered name of the task that every partition runs. */
  readonly task: string;
  readonly numTasks: number;
  /** Made anew for every attempt: it names the blocks that are there at that moment. */
  payload(partition: number, attempt: number): unknown;
  /** Partitions to run; all of them by default. */
  readonly partitions?: readonly number[];
  /** Kept stages whose blocks the payloads name: made whole before this stage starts, and again after a fetch failure. */
  readonly inputs?: readonly StageOutput[];
  /** Executors whose memory holds what the task reads; others wait `spark.locality.wait.process` before they take it. */
  preferredExecutors?(partition: number): readonly string[];
  /** Cores that one task takes; default `spark.task.cpus`. */
  readonly cpus?: number;
}

/** Results of a stage that later stages read; a lost one is computed again when it is needed. */
export interface StageOutput<R = unknown> {
  readonly stageId: number;
  readonly numTasks: number;
  /** The present result of a partition. */
  result(partition: number): R;
  results(): readonly R[];
  /** Where the present result was made; undefined while it is lost. */
  executor(partition: number): string | undefined;
  /** Lets go of the results and of what is needed to compute them again. */
  release(): void;
}

export interface JobOptions {
  readonly description: string;
  /** Cancels the job with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Jobs of one group are cancelled together (`setJobGroup`). */
  readonly group?: string;
  /** As `addJobTag`. */
  readonly tags?: readonly string[];
  /** Pool in which the job runs when `spark.scheduler.mode` is FAIR. */
  readonly pool?: string;
  /** Kept for listeners: a cancelled task always sees its flag and, after a grace time, loses its thread. */
  readonly interruptOnCancel?: boolean;
}
