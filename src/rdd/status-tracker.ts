import type { EventBus, SparkEvent } from "../common/index.js";

export interface SparkJobInfo {
  readonly jobId: number;
  readonly stageIds: readonly number[];
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED";
}
export interface SparkStageInfo {
  readonly stageId: number;
  readonly currentAttemptId: number;
  readonly name: string;
  readonly numTasks: number;
  readonly numActiveTasks: number;
  readonly numCompletedTasks: number;
  readonly numFailedTasks: number;
}

interface Job {
  readonly group: string | undefined;
  readonly stageIds: number[];
  status: SparkJobInfo["status"];
}
type Stage = { -readonly [K in keyof SparkStageInfo]: SparkStageInfo[K] } & { done: boolean };

/** Jobs and stages that are remembered after their end, as `spark.ui.retainedJobs`. */
const RETAINED = 1000;

/** What runs and what ran lately; a reader of the event bus. */
export class StatusTracker {
  private readonly jobs = new Map<number, Job>();
  private readonly stages = new Map<number, Stage>();

  constructor(events: EventBus) {
    events.on((event) => this.see(event));
  }

  /** Jobs of a group that are remembered; those of no group without an argument. */
  getJobIdsForGroup(jobGroup?: string): number[] {
    return [...this.jobs].filter(([, job]) => job.group === jobGroup).map(([id]) => id);
  }
  getActiveJobsIds(): number[] {
    return [...this.jobs].filter(([, job]) => job.status === "RUNNING").map(([id]) => id);
  }
  getActiveStageIds(): number[] {
    return [...this.stages].filter(([, stage]) => !stage.done).map(([id]) => id);
  }
  getJobInfo(jobId: number): SparkJobInfo | undefined {
    const job = this.jobs.get(jobId);
    return job && { jobId, stageIds: [...job.stageIds], status: job.status };
  }
  getStageInfo(stageId: number): SparkStageInfo | undefined {
    const stage = this.stages.get(stageId);
    if (!stage) return undefined;
    const { done: _, ...info } = stage;
    return info;
  }

  private see(event: SparkEvent): void {
    switch (event.type) {
      case "jobStart":
        this.jobs.set(event.jobId, { group: event.group, stageIds: [], status: "RUNNING" });
        forgetOldest(this.jobs, (job) => job.status !== "RUNNING");
        break;
      case "jobEnd": {
        const job = this.jobs.get(event.jobId);
        if (job) job.status = event.succeeded ? "SUCCEEDED" : "FAILED";
        break;
      }
      case "stageSubmitted":
        this.jobs.get(event.jobId)?.stageIds.push(event.stageId);
        this.stages.set(event.stageId, {
          stageId: event.stageId,
          currentAttemptId: 0,
          name: event.name,
          numTasks: event.numTasks,
          numActiveTasks: 0,
          numCompletedTasks: 0,
          numFailedTasks: 0,
          done: false,
        });
        forgetOldest(this.stages, (stage) => stage.done);
        break;
      case "stageCompleted": {
        const stage = this.stages.get(event.stageId);
        if (stage) stage.done = true;
        break;
      }
      case "taskStart": {
        const stage = this.stages.get(event.stageId);
        if (stage) stage.numActiveTasks++;
        break;
      }
      case "taskEnd": {
        const stage = this.stages.get(event.stageId);
        if (!stage) break;
        stage.numActiveTasks--;
        if (event.succeeded) stage.numCompletedTasks++;
        else stage.numFailedTasks++;
        break;
      }
    }
  }
}

function forgetOldest<T>(kept: Map<number, T>, over: (item: T) => boolean): void {
  if (kept.size <= RETAINED) return;
  for (const [id, item] of kept) {
    if (!over(item)) continue;
    kept.delete(id);
    if (kept.size <= RETAINED) return;
  }
}
