import type { StoredBlock } from "../../memory/index.js";

export type { StoredBlock };

/** Blocks with their row counts, by partition. */
export interface LocalData {
  readonly partitions: readonly (readonly StoredBlock[])[];
}

/** What `cache()` or `checkpoint()` keeps for one plan; filled by the first action that needs it. */
export interface CachedData {
  readonly id: number;
  /** Number of columns of the cached plan. */
  readonly width: number;
  /** Bytes of all columns, once they are there. */
  readonly bytes: number | undefined;
  /** As Spark describes it: "Disk Memory Deserialized 1x Replicated". */
  readonly storageLevel: string;
  /** Whether it stands for a plan that was cut off behind it. */
  readonly checkpoint: boolean;
}
