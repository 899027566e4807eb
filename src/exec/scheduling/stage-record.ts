import type { Job, Stage } from "./stage.js";

/** A stage while it runs and, when it is kept, as long as its output may be needed again. */
export interface StageRecord {
  readonly id: number;
  readonly job: Job;
  readonly stage: Stage;
  /** By partition. */
  readonly results: unknown[];
  readonly onResult: ((partition: number, result: never) => void) | undefined;
  /** Settles the promise of whoever submitted the stage, or waits for it to be whole again. */
  waiters: { resolve(): void; reject(error: unknown): void }[];
}

/** One launch of a task, until its executor has answered. */
export interface RunningAttempt {
  readonly id: number;
  readonly record: StageRecord;
  readonly partition: number;
  readonly number: number;
  readonly executor: string;
  readonly cancelled: SharedArrayBuffer;
}
