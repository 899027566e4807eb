import type { StoredBlock } from "../../memory/index.js";

export type { StoredBlock };

/** Blocks with their row counts, by partition. */
export interface LocalData {
  readonly partitions: readonly (readonly StoredBlock[])[];
}

/** What `cache()` keeps for one plan; filled by the first action that needs it. */
export interface CachedData {
  readonly id: number;
  /** Number of columns of the cached plan. */
  readonly width: number;
  /** Filled partitions, once they are there. */
  readonly stored: LocalData | undefined;
  readonly storageLevel: string;
}
