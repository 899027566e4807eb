import { SparkException } from "../../common/index.js";
import type { StageRecord } from "./stage-record.js";
import type { StageOutput } from "./stage.js";

/** What the scheduler hands out for a kept stage. */
export class KeptOutput<R> implements StageOutput<R> {
  readonly stageId: number;
  readonly numTasks: number;

  constructor(
    private record: StageRecord | undefined,
    private readonly located: (partition: number) => string | undefined,
    private readonly onRelease: () => void,
  ) {
    this.stageId = record!.id;
    this.numTasks = record!.stage.numTasks;
  }

  result(partition: number): R {
    return this.present().results[partition] as R;
  }
  results(): readonly R[] {
    return this.present().results as readonly R[];
  }
  executor(partition: number): string | undefined {
    return this.located(partition);
  }
  release(): void {
    if (!this.record) return;
    this.record = undefined;
    this.onRelease();
  }

  private present(): StageRecord {
    if (this.record) return this.record;
    throw new SparkException(`The output of stage ${this.stageId} was released.`);
  }
}
