/** What happens in a session, in Spark's words; progress bars, UI, event log, metrics and tests all read these. */
export type SparkEvent =
  | { readonly type: "applicationStart"; readonly appName: string; readonly appId: string; readonly time: number }
  | { readonly type: "applicationEnd"; readonly appId: string; readonly time: number }
  | {
      readonly type: "jobStart";
      readonly jobId: number;
      readonly description: string;
      readonly group?: string;
      readonly tags?: readonly string[];
      readonly pool?: string;
      readonly time: number;
    }
  | {
      readonly type: "jobEnd";
      readonly jobId: number;
      readonly succeeded: boolean;
      readonly error?: Error;
      readonly time: number;
    }
  | {
      readonly type: "stageSubmitted";
      readonly jobId: number;
      readonly stageId: number;
      readonly name: string;
      readonly numTasks: number;
      readonly time: number;
    }
  /** Lost results of a stage that was complete are computed again. */
  | {
      readonly type: "stageResubmitted";
      readonly jobId: number;
      readonly stageId: number;
      readonly name: string;
      readonly numTasks: number;
      readonly time: number;
    }
  | { readonly type: "stageCompleted"; readonly stageId: number; readonly error?: Error; readonly time: number }
  | {
      readonly type: "taskStart";
      readonly stageId: number;
      readonly partition: number;
      readonly attempt: number;
      readonly executor: string;
      /** A second copy of a task that runs slowly. */
      readonly speculative: boolean;
      readonly time: number;
    }
  | {
      readonly type: "taskEnd";
      readonly stageId: number;
      readonly partition: number;
      readonly attempt: number;
      readonly executor: string;
      readonly succeeded: boolean;
      readonly error?: Error;
      readonly time: number;
    }
  | { readonly type: "executorAdded"; readonly executor: string; readonly cores: number; readonly time: number }
  | { readonly type: "executorRemoved"; readonly executor: string; readonly reason: string; readonly time: number }
  /** Tasks failed there too often: the stage, or every stage, avoids it. */
  | { readonly type: "executorExcluded"; readonly executor: string; readonly stageId?: number; readonly time: number }
  | { readonly type: "executorIncluded"; readonly executor: string; readonly time: number }
  | { readonly type: "blockCached"; readonly planId: number; readonly partitions: number; readonly bytes: number }
  | { readonly type: "blockEvicted"; readonly planId: number }
  /** One pass of an iterative trainer; `total` is its maximum number of passes. */
  | {
      readonly type: "iteration";
      readonly uid: string;
      readonly algorithm: string;
      readonly done: number;
      readonly total: number;
      readonly objective?: number;
    }
  | { readonly type: "iterationEnd"; readonly uid: string }
  /** Settings of a sweep (CrossValidator, TrainValidationSplit) that are done. */
  | { readonly type: "sweep"; readonly uid: string; readonly done: number; readonly total: number };

export type SparkListener = (event: SparkEvent) => void;

/** Delivers events to listeners in order, synchronously; a listener that throws is reported and does not stop the others. */
export class EventBus {
  private readonly listeners = new Set<SparkListener>();

  /** Adds a listener and returns the function that removes it. */
  on(listener: SparkListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: SparkEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        process.emitWarning(`a listener failed on ${event.type}: ${String(error)}`);
      }
    }
  }
}
