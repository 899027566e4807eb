import { blocksFragment, bytesOf } from "./blocks-scan.js";
import { StoredPlan } from "./cached-scan.js";
import { checkpointPartition } from "./checkpoint-partition.js";
import type { ExecutionContext, PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";
import type { LocalData } from "../plan/index.js";

/** Rows of a plan in a checkpoint directory: written by the first action that needs them, read from there by all. */
export class CheckpointEntry extends StoredPlan {
  readonly checkpoint = true;
  readonly storageLevel = "Serialized 1x Replicated";
  private data: Promise<LocalData> | undefined;
  private written: LocalData | undefined;

  constructor(
    id: number,
    width: number,
    private readonly directory: string,
    private plan: (() => PhysicalPlan) | undefined,
  ) {
    super(id, width);
  }

  get bytes(): number | undefined {
    return this.written && bytesOf(this.written);
  }

  async partitions(context: ExecutionContext, ordinals: readonly number[]): Promise<Fragment[]> {
    const { partitions } = await this.fill(context);
    return partitions.map((blocks) => blocksFragment(blocks, ordinals));
  }

  /** Writes the files, once. */
  async fill(context: ExecutionContext): Promise<LocalData> {
    this.data ??= this.write(context);
    try {
      return await this.data;
    } catch (error) {
      this.data = undefined;
      throw error;
    }
  }

  private async write(context: ExecutionContext): Promise<LocalData> {
    const { partitions } = await this.plan!().execute(context);
    const compress = context.conf.value("checkpointCompress") && context.conf.contains("spark.checkpoint.compress");
    const blocks = await context.runStage("checkpoint", partitions, checkpointPartition, {
      directory: this.directory,
      compress,
    });
    this.written = { partitions: blocks };
    // From here on the files are the plan.
    this.plan = undefined;
    return this.written;
  }
}
