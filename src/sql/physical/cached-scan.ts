import { SparkException } from "../../common/index.js";
import type { CachedData, CachedRelation } from "../plan/index.js";
import { attributeList } from "./describe.js";
import { physical, type ExecutionContext, type PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";

/** Rows that were stored for a plan, on the driver. */
export abstract class StoredPlan implements CachedData {
  abstract readonly bytes: number | undefined;
  abstract readonly storageLevel: string;
  abstract readonly checkpoint: boolean;

  constructor(
    readonly id: number,
    readonly width: number,
  ) {}

  /** One fragment a partition with the columns `ordinals`; what is not there yet is computed first. */
  abstract partitions(context: ExecutionContext, ordinals: readonly number[]): Promise<Fragment[]>;
}

export function cachedScan(plan: CachedRelation): PhysicalPlan {
  const { data, output, ordinals } = plan;
  return physical({
    name: data.checkpoint ? "Scan ExistingRDD" : "InMemoryTableScan",
    output,
    children: [],
    describe: () => attributeList(output),
    sizeInBytes: data.bytes && (data.bytes * output.length) / Math.max(1, data.width),
    async execute(context) {
      if (!(data instanceof StoredPlan)) throw new SparkException("the cached data belongs to another session");
      return { partitions: await data.partitions(context, ordinals) };
    },
  });
}
