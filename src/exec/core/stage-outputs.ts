/** Partitions of one stage that are not where they were. */
export interface LostPartitions {
  readonly stage: number;
  readonly partitions: readonly number[];
}

interface Output {
  /** By partition: the executor that holds it. */
  readonly at: (string | undefined)[];
  /** By partition: the first attempt number that could know of this copy. */
  readonly since: Float64Array;
  /** Partitions that somebody wants; undefined = all. */
  readonly wanted: ReadonlySet<number> | undefined;
  missing: number;
}

/**
 * Which partition of which kept stage lies where: Spark's MapOutputTracker. Instead of epochs, every copy remembers the
 * number of the next task attempt at the time it was registered: a reader that was launched before cannot have read it,
 * so its complaint is about an older copy.
 */
export class StageOutputs {
  private readonly outputs = new Map<number, Output>();
  /** By executor: how many partitions it holds in each stage. */
  private readonly held = new Map<string, Map<number, number>>();

  /** Starts to track a stage, nothing of which is there yet. */
  open(stage: number, numPartitions: number, wanted?: readonly number[]): void {
    this.outputs.set(stage, {
      at: new Array<string | undefined>(numPartitions).fill(undefined),
      since: new Float64Array(numPartitions),
      wanted: wanted && new Set(wanted),
      missing: wanted ? new Set(wanted).size : numPartitions,
    });
  }
  has(stage: number): boolean {
    return this.outputs.has(stage);
  }

  register(stage: number, partition: number, executor: string, nextAttempt: number): void {
    const output = this.outputs.get(stage);
    if (!output) return;
    const before = output.at[partition];
    if (before !== undefined) this.count(before, stage, -1);
    else if (wants(output, partition)) output.missing--;
    output.at[partition] = executor;
    output.since[partition] = nextAttempt;
    this.count(executor, stage, 1);
  }

  /** A reader could not read the partition; false when that is old news (another copy was registered since it started). */
  fetchFailed(stage: number, partition: number, reader: number): boolean {
    const output = this.outputs.get(stage);
    if (!output || output.at[partition] === undefined || reader < output.since[partition]) return false;
    this.unregister(stage, output, partition);
    return true;
  }

  /** Everything that the executor held is missing now. */
  executorLost(executor: string): LostPartitions[] {
    const stages = [...(this.held.get(executor)?.keys() ?? [])];
    return stages.map((stage) => {
      const output = this.outputs.get(stage)!;
      const partitions: number[] = [];
      for (let p = 0; p < output.at.length; p++) if (output.at[p] === executor) partitions.push(p);
      for (const partition of partitions) this.unregister(stage, output, partition);
      return { stage, partitions };
    });
  }

  whole(stage: number): boolean {
    return (this.outputs.get(stage)?.missing ?? 0) === 0;
  }
  missing(stage: number): number[] {
    const output = this.outputs.get(stage);
    if (!output || output.missing === 0) return [];
    const partitions: number[] = [];
    for (let p = 0; p < output.at.length; p++) if (output.at[p] === undefined && wants(output, p)) partitions.push(p);
    return partitions;
  }
  location(stage: number, partition: number): string | undefined {
    return this.outputs.get(stage)?.at[partition];
  }
  /** Whether the executor holds output that somebody may still read. */
  holdsOutput(executor: string): boolean {
    return (this.held.get(executor)?.size ?? 0) > 0;
  }

  /** Nobody reads the stage's output any more. */
  release(stage: number): void {
    const output = this.outputs.get(stage);
    if (!output) return;
    this.outputs.delete(stage);
    for (const [executor, stages] of this.held) {
      stages.delete(stage);
      if (stages.size === 0) this.held.delete(executor);
    }
  }
  get size(): number {
    return this.outputs.size;
  }

  private unregister(stage: number, output: Output, partition: number): void {
    this.count(output.at[partition]!, stage, -1);
    output.at[partition] = undefined;
    if (wants(output, partition)) output.missing++;
  }
  private count(executor: string, stage: number, by: number): void {
    let stages = this.held.get(executor);
    if (!stages) this.held.set(executor, (stages = new Map()));
    const n = (stages.get(stage) ?? 0) + by;
    if (n > 0) stages.set(stage, n);
    else stages.delete(stage);
    if (stages.size === 0) this.held.delete(executor);
  }
}

const wants = (output: Output, partition: number): boolean => output.wanted?.has(partition) ?? true;
