import type { SparkConf } from "../../common/index.js";
import type { Job, PartitionFunction, Scheduler } from "../../exec/index.js";
import type { AttributeExpression } from "../expressions/index.js";
import type { PipelineStep } from "./pipeline.js";
import { fragmentTask, type ExecutionSettings, type Fragment } from "./fragment.js";

/** Rows of a physical operator: one fragment a partition. Nothing has run yet, except the stages below an exchange. */
export interface Distributed {
  readonly partitions: readonly Fragment[];
}

/** A physical operator's driver half: turns its children's fragments into its own, running stages where data must move. */
export interface PhysicalPlan {
  /** First word of its line in `explain`. */
  readonly name: string;
  readonly output: readonly AttributeExpression[];
  readonly children: readonly PhysicalPlan[];
  /** Rest of its line in `explain`. */
  describe(): string;
  /** Bytes of its output, about, where that is known before it runs. */
  readonly sizeInBytes: number | undefined;
  execute(context: ExecutionContext): Promise<Distributed>;
  /** What a filter or projection adds to its pipeline. */
  readonly step?: PipelineStep;
}

/** What operators need of the session while an action runs. */
export class ExecutionContext {
  constructor(
    readonly job: Job,
    private readonly scheduler: Scheduler,
    readonly settings: ExecutionSettings,
    readonly conf: SparkConf,
    /** Number of worker threads. */
    readonly threads: number,
  ) {}

  /** Feeds every partition to a partition function on the workers; results in partition order. */
  runStage<P, R>(
    name: string,
    partitions: readonly Fragment[],
    sink: PartitionFunction<P, R>,
    payload: P | ((partition: number) => P),
  ): Promise<R[]> {
    return this.runNamed<R>(name, partitions, sink.name, payload);
  }

  async runNamed<R>(name: string, partitions: readonly Fragment[], sink: string, payload: unknown): Promise<R[]> {
    if (partitions.length === 0) return [];
    return this.scheduler.runStage<R>(this.job, {
      name,
      task: fragmentTask.name,
      numTasks: partitions.length,
      payload: (partition) => ({
        fragment: partitions[partition],
        settings: this.settings,
        sink,
        payload: typeof payload === "function" ? (payload as (partition: number) => unknown)(partition) : payload,
      }),
    });
  }
}

/** A physical operator from its parts. */
export const physical = (
  plan: Omit<PhysicalPlan, "describe" | "sizeInBytes"> & { describe?: () => string; sizeInBytes?: number | undefined },
): PhysicalPlan => ({ sizeInBytes: undefined, describe: () => "", ...plan });
