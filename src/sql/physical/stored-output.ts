import type { StageOutput } from "../../exec/index.js";
import type { StoredBlock } from "../plan/index.js";
import type { LazyFragment } from "./bind-fragment.js";
import { blocksFragment } from "./blocks-scan.js";
import type { Fragment } from "./fragment.js";

/** Rows that kept stages stored as blocks, output by output, in partition order. */
export const storedRows = (sources: readonly StageOutput<readonly StoredBlock[]>[]): Fragment =>
  ({
    op: "storedRows",
    sources,
    bind: () => blocksFragment(sources.flatMap((source) => source.results().flat())),
  }) satisfies LazyFragment as Fragment;

/** Rows that one partition of a kept stage stored. */
export const storedPartition = <R>(
  source: StageOutput<R>,
  partition: number,
  blocksOf: (result: R) => readonly StoredBlock[],
): Fragment =>
  ({
    op: "storedRows",
    sources: [source],
    bind: () => blocksFragment(blocksOf(source.result(partition))),
  }) satisfies LazyFragment as Fragment;
