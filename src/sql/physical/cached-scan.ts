import { SparkException } from "../../common/index.js";
import type { CachedData, CachedRelation, LocalData } from "../plan/index.js";
import { blocksFragment, bytesOf } from "./blocks-scan.js";
import { collectBlocks } from "./collect-blocks.js";
import { attributeList } from "./describe.js";
import { physical, type ExecutionContext, type PhysicalPlan } from "./execution.js";

/** Rows of one cached plan: computed by the first action that needs them, kept in kernel blocks until `unpersist`. */
export class CacheEntry implements CachedData {
  stored: LocalData | undefined;
  private filling: Promise<LocalData> | undefined;
  private dropped = false;

  constructor(
    readonly id: number,
    readonly width: number,
    readonly storageLevel: string,
    private readonly plan: () => PhysicalPlan,
    private readonly onFilled: (data: LocalData) => void,
  ) {}

  /** The blocks, computed once however many actions ask at the same time. */
  async data(context: ExecutionContext): Promise<LocalData> {
    while (this.filling && !this.stored) {
      try {
        return await this.filling;
      } catch {
        // That was another action's failure or cancellation: this one computes the rows itself and reports its own.
        context.job.signal.throwIfAborted();
      }
    }
    if (this.stored) return this.stored;
    const own = this.fill(context);
    this.filling = own;
    try {
      return await own;
    } finally {
      if (this.filling === own) this.filling = undefined;
    }
  }

  private async fill(context: ExecutionContext): Promise<LocalData> {
    const { partitions } = await this.plan().execute(context);
    const blocks = await context.runStage("cache", partitions, collectBlocks, {
      limit: Number.POSITIVE_INFINITY,
      kernels: true,
    });
    const data: LocalData = { partitions: blocks };
    if (!this.dropped) {
      this.stored = data;
      this.onFilled(data);
    }
    return data;
  }

  drop(): void {
    this.dropped = true;
    this.stored = undefined;
  }
}

export function cachedScan(plan: CachedRelation): PhysicalPlan {
  const { data, output, ordinals } = plan;
  return physical({
    name: "InMemoryTableScan",
    output,
    children: [],
    describe: () => attributeList(output),
    sizeInBytes: data.stored && (bytesOf(data.stored) * output.length) / Math.max(1, data.width),
    async execute(context) {
      if (!(data instanceof CacheEntry)) throw new SparkException("the cached data belongs to another session");
      const { partitions } = await data.data(context);
      return { partitions: partitions.map((blocks) => blocksFragment(blocks, ordinals)) };
    },
  });
}
