import type { StorageFlags } from "../../exec/index.js";
import type { StoredBlock } from "../../memory/index.js";
import type { AggregatorSpec } from "../aggregator.js";
import type { OrderingSpec } from "../ordering.js";
import type { StoredPiece } from "../shuffle/map-output.js";

/** One partition of one RDD, as a task is told to compute it: the lineage down to sources, shuffles and cached blocks. */
export interface NodeSpec {
  readonly operator: string;
  readonly params: unknown;
  readonly split: unknown;
  readonly partition: number;
  readonly inputs: readonly InputSpec[];
  readonly cache?: CacheSpec;
}

/** What one dependency gives. */
export type InputSpec = { readonly narrow: readonly NodeSpec[] } | { readonly shuffle: ShuffleSpec };

export interface ShuffleSpec {
  readonly pieces: readonly StoredPiece[];
  readonly aggregator?: AggregatorSpec;
  /** Whether the pieces hold combiners already. */
  readonly combined: boolean;
  readonly ordering?: OrderingSpec;
}

/** A persisted RDD's partition: read from `blocks` where they are, else computed and stored. */
export interface CacheSpec {
  /** Such as `rdd_3_0`. */
  readonly id: string;
  readonly level: StorageFlags;
  readonly blocks?: readonly StoredBlock[];
}
