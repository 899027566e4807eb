import type { BlockStore, StorageFlags } from "../exec/index.js";
import type { StoredBlock } from "../memory/index.js";
import type { AnyRdd } from "./jobs/lineage.js";

/** What is kept of a persisted RDD. */
export interface RddStorageInfo {
  readonly id: number;
  readonly name: string | undefined;
  readonly numPartitions: number;
  readonly numCachedPartitions: number;
  readonly storageLevel: StorageFlags;
  /** In bytes. */
  readonly memSize: number;
  /** In bytes. */
  readonly diskSize: number;
}

/** The persisted RDDs of a context. */
export class RddStorage {
  private readonly persisted = new Map<number, WeakRef<AnyRdd>>();
  /** What nobody can read any more is freed, as Spark's ContextCleaner does. */
  private readonly forgotten = new FinalizationRegistry<number>((id) => this.remove(id));

  constructor(private readonly blocks: BlockStore) {}

  add(rdd: AnyRdd): void {
    this.persisted.set(rdd.id(), new WeakRef(rdd));
    this.forgotten.register(rdd, rdd.id());
  }

  remove(id: number): void {
    if (this.persisted.delete(id)) this.blocks.removeGroup(`rdd_${id}`);
  }

  partition(id: number, partition: number): readonly StoredBlock[] | undefined {
    return this.blocks.get(`rdd_${id}_${partition}`);
  }
  locations(id: number, partition: number): readonly string[] {
    return this.blocks.locations(`rdd_${id}_${partition}`);
  }

  /** RDDs that are persisted, whether or not any partition is there yet, by id. */
  rdds(): Map<number, AnyRdd> {
    const found = new Map<number, AnyRdd>();
    for (const [id, ref] of this.persisted) {
      const rdd = ref.deref();
      if (rdd) found.set(id, rdd);
    }
    return found;
  }

  info(): RddStorageInfo[] {
    const stored = new Map(this.blocks.storageInfo().map((group) => [group.group, group]));
    return [...this.rdds().values()].flatMap((rdd) => {
      const group = stored.get(`rdd_${rdd.id()}`);
      if (!group || group.cachedPartitions === 0) return [];
      return [
        {
          id: rdd.id(),
          name: rdd.name(),
          numPartitions: rdd.plan?.splits.length ?? 0,
          numCachedPartitions: group.cachedPartitions,
          storageLevel: rdd.getStorageLevel(),
          memSize: group.memoryBytes,
          diskSize: group.diskBytes,
        },
      ];
    });
  }
}
