import type { StageOutput } from "../../exec/index.js";
import { isResident } from "../../memory/index.js";
import type { LazyFragment } from "./bind-fragment.js";
import type { BlockPiece, BlocksFragment } from "./blocks-scan.js";
import type { Distributed, ExecutionContext } from "./execution.js";
import type { Fragment } from "./fragment.js";
import { shuffleWrite, type ShuffleBlock, type ShuffleResult } from "./shuffle-write.js";

/** Result of a shuffle's map stage: for each of `numPartitions` destinations, stretches of the map tasks' blocks. */
export class ShuffleOutput {
  readonly numRows: number;
  readonly bytes: number;
  /** Bytes of each destination, about. */
  private readonly sizes: Float64Array;

  constructor(
    readonly numPartitions: number,
    private readonly output: StageOutput<ShuffleResult>,
  ) {
    this.sizes = new Float64Array(numPartitions);
    let rows = 0;
    for (const { first, starts, bytes, numRows } of output.results().flat(2)) {
      rows += numRows;
      const width = bytes / Math.max(1, numRows);
      for (let i = 0; i + 1 < starts.length; i++) this.sizes[first + i] += width * (starts[i + 1] - starts[i]);
    }
    this.numRows = rows;
    this.bytes = this.sizes.reduce((a, b) => a + b, 0);
  }

  /** Bytes of one destination, about. */
  bytesOf(partition: number): number {
    return this.sizes[partition];
  }

  /**
   * Rows of the destinations `start .. end`, in the order of the map tasks within each destination. What lies in files is
   * read file by file, so that a file with some neighbouring destinations is read once.
   */
  read(start: number, end: number): Fragment {
    return this.lazy(() => {
      const pieces: BlockPiece[] = [];
      const stretches = this.output.results().flat();
      if (stretches.every((blocks) => blocks.every(({ block }) => isResident(block)))) {
        for (let p = start; p < end; p++) for (const blocks of stretches) addPieces(blocks, p, p + 1, pieces);
      } else for (const blocks of stretches) addPieces(blocks, start, end, pieces);
      return pieces;
    });
  }

  /** Everything, map task by map task. */
  readAll(): Fragment {
    return this.lazy(() =>
      this.output
        .results()
        .flat(2)
        .map(({ block, numRows }) => ({ block, start: 0, end: numRows })),
    );
  }

  readPartitions(): Distributed {
    return { partitions: Array.from({ length: this.numPartitions }, (_, p) => this.read(p, p + 1)) };
  }

  private lazy(pieces: () => BlockPiece[]): Fragment {
    return {
      op: "shuffleRead",
      sources: [this.output],
      bind: () => ({ op: "blocks", pieces: pieces() }) satisfies BlocksFragment as Fragment,
    } satisfies LazyFragment as Fragment;
  }
}

/** Adds the rows for destinations `start .. end` of a stretch, whose blocks are in order of their destinations. */
function addPieces(blocks: readonly ShuffleBlock[], start: number, end: number, pieces: BlockPiece[]): void {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const { first, starts } = blocks[middle];
    if (first + starts.length - 1 <= start) low = middle + 1;
    else high = middle;
  }
  for (; low < blocks.length && blocks[low].first < end; low++) {
    const { block, first, starts } = blocks[low];
    const from = starts[Math.max(0, start - first)];
    const to = starts[Math.min(starts.length - 1, end - first)];
    if (to > from) pieces.push({ block, start: from, end: to });
  }
}

/** Runs a map stage whose fragments end with a destination column. */
export async function shuffle(
  name: string,
  partitions: readonly Fragment[],
  numPartitions: number,
  context: ExecutionContext,
): Promise<ShuffleOutput> {
  return new ShuffleOutput(numPartitions, await context.runKept(name, partitions, shuffleWrite, { numPartitions }));
}

const ADVISORY_BYTES = 64 * 2 ** 20;
const LEAST_BYTES = 2 ** 20;

/**
 * Ranges of neighbouring partitions to read together, so that small ones share a task (Spark's CoalesceShufflePartitions):
 * as many tasks as there are threads, but none of less than 1 MiB or, where that is more, of more than 64 MiB or an eighth
 * of a task's share of memory, so that hash tables of it stay in memory.
 */
export function coalescedRanges(
  outputs: readonly ShuffleOutput[],
  context: ExecutionContext,
): readonly (readonly [number, number])[] {
  const { numPartitions } = outputs[0];
  if (!context.conf.value("adaptive")) return Array.from({ length: numPartitions }, (_, p) => [p, p + 1] as const);
  const total = outputs.reduce((n, output) => n + output.bytes, 0);
  const share = context.memoryBudget / context.threads / 8;
  const target = Math.max(LEAST_BYTES, Math.min(ADVISORY_BYTES, share, Math.ceil(total / context.threads)));
  const ranges: [number, number][] = [];
  let start = 0;
  let bytes = 0;
  for (let p = 0; p < numPartitions; p++) {
    const size = outputs.reduce((n, output) => n + output.bytesOf(p), 0);
    if (p > start && bytes + size > target) {
      ranges.push([start, p]);
      start = p;
      bytes = 0;
    }
    bytes += size;
  }
  ranges.push([start, numPartitions]);
  return ranges;
}
