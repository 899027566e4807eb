import type { Block } from "../../memory/index.js";

/** Blocks with their row counts, by partition. */
export interface LocalData {
  readonly partitions: readonly (readonly StoredBlock[])[];
}
export interface StoredBlock {
  readonly block: Block;
  readonly numRows: number;
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
