import type { SparkConf } from "../../common/index.js";
import type { Job, PartitionFunction, Scheduler, Stage, StageOutput } from "../../exec/index.js";
import type { AttributeExpression } from "../expressions/index.js";
import type { PipelineStep } from "./pipeline.js";
import { bindFragment, locationsOf, sourcesOf } from "./bind-fragment.js";
import { fragmentTask, type ExecutionSettings, type Fragment } from "./fragment.js";
import { KeptOutputs } from "./kept-outputs.js";

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
    /** Where outputs go that later stages of the action read; whoever made it releases them. */
    readonly kept: KeptOutputs = new KeptOutputs(),
    /** Bytes that execution and storage share in one executor. */
    readonly memoryBudget: number = Number.POSITIVE_INFINITY,
    /** What to do once the job has succeeded. */
    readonly succeeded: (() => void)[] = [],
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

  /** The same job, whose kept outputs go elsewhere. */
  keeping(kept: KeptOutputs): ExecutionContext {
    return new ExecutionContext(
      this.job,
      this.scheduler,
      this.settings,
      this.conf,
      this.threads,
      kept,
      this.memoryBudget,
      this.succeeded,
    );
  }

  /** As {@link runStage} for some of the partitions; `onResult` is called as they come, nothing is collected. */
  async runSome<P, R>(
    name: string,
    partitions: readonly Fragment[],
    sink: PartitionFunction<P, R>,
    payload: P,
    some: readonly number[],
    onResult: (partition: number, result: R) => void,
  ): Promise<void> {
    if (some.length === 0) return;
    const stage = { ...this.stage(name, partitions, sink.name, payload), partitions: some };
    await this.scheduler.runStage<R>(this.job, stage, onResult);
  }

  async runNamed<R>(name: string, partitions: readonly Fragment[], sink: string, payload: unknown): Promise<R[]> {
    if (partitions.length === 0) return [];
    return this.scheduler.runStage<R>(this.job, this.stage(name, partitions, sink, payload));
  }

  /** As {@link runStage}, for results that later stages read through a lazy fragment; lost ones are computed again. */
  async runKept<P, R>(
    name: string,
    partitions: readonly Fragment[],
    sink: PartitionFunction<P, R>,
    payload: P | ((partition: number) => P),
  ): Promise<StageOutput<R>> {
    return this.kept.add(await this.scheduler.runKept<R>(this.job, this.stage(name, partitions, sink.name, payload)));
  }

  private stage(name: string, partitions: readonly Fragment[], sink: string, payload: unknown): Stage {
    return {
      name,
      task: fragmentTask.name,
      numTasks: partitions.length,
      inputs: sourcesOf(partitions),
      preferredExecutors: (partition) => locationsOf(partitions[partition]),
      payload: (partition) => ({
        fragment: bindFragment(partitions[partition]),
        settings: this.settings,
        sink,
        payload: typeof payload === "function" ? (payload as (partition: number) => unknown)(partition) : payload,
      }),
    };
  }
}

/** A physical operator from its parts. */
export const physical = (
  plan: Omit<PhysicalPlan, "describe" | "sizeInBytes"> & { describe?: () => string; sizeInBytes?: number | undefined },
): PhysicalPlan => ({ sizeInBytes: undefined, describe: () => "", ...plan });
