import type { BlocksFragment } from "./blocks-scan.js";
import type { Distributed, ExecutionContext } from "./execution.js";
import type { Fragment } from "./fragment.js";
import { shuffleWrite, type ShuffleBlock } from "./shuffle-write.js";

/** Result of a shuffle's map stage: for each of `numPartitions` destinations, stretches of the map tasks' blocks. */
export class ShuffleOutput {
  constructor(
    readonly numPartitions: number,
    private readonly blocks: readonly ShuffleBlock[],
  ) {}

  get bytes(): number {
    return this.blocks.reduce((n, block) => n + block.bytes, 0);
  }
  get numRows(): number {
    return this.blocks.reduce((n, block) => n + block.numRows, 0);
  }

  /** Bytes of one destination, about. */
  bytesOf(partition: number): number {
    return this.blocks.reduce((n, { bytes, numRows, starts }) => {
      return n + (numRows === 0 ? 0 : (bytes * (starts[partition + 1] - starts[partition])) / numRows);
    }, 0);
  }

  /** Rows of the destinations `start .. end`, in the order of the map tasks within each destination. */
  read(start: number, end: number): Fragment {
    const pieces = [];
    for (let p = start; p < end; p++) {
      for (const { block, starts } of this.blocks) {
        if (starts[p + 1] > starts[p]) pieces.push({ block, start: starts[p], end: starts[p + 1] });
      }
    }
    return { op: "blocks", pieces } satisfies BlocksFragment as Fragment;
  }

  /** Everything, map task by map task. */
  readAll(): Fragment {
    const pieces = this.blocks.map(({ block, numRows }) => ({ block, start: 0, end: numRows }));
    return { op: "blocks", pieces } satisfies BlocksFragment as Fragment;
  }

  readPartitions(): Distributed {
    return { partitions: Array.from({ length: this.numPartitions }, (_, p) => this.read(p, p + 1)) };
  }
}

/** Runs a map stage whose fragments end with a destination column. */
export async function shuffle(
  name: string,
  partitions: readonly Fragment[],
  numPartitions: number,
  context: ExecutionContext,
): Promise<ShuffleOutput> {
  const blocks = await context.runStage(name, partitions, shuffleWrite, { numPartitions });
  return new ShuffleOutput(numPartitions, blocks.flat());
}

const ADVISORY_BYTES = 64 * 2 ** 20;
const LEAST_BYTES = 2 ** 20;

/**
 * Ranges of neighbouring partitions to read together, so that small ones share a task (Spark's CoalesceShufflePartitions):
 * as many tasks as there are threads, but none of less than 1 MiB or, where that is more, of more than 64 MiB.
 */
export function coalescedRanges(
  outputs: readonly ShuffleOutput[],
  context: ExecutionContext,
): readonly (readonly [number, number])[] {
  const { numPartitions } = outputs[0];
  if (!context.conf.value("adaptive")) return Array.from({ length: numPartitions }, (_, p) => [p, p + 1] as const);
  const total = outputs.reduce((n, output) => n + output.bytes, 0);
  const target = Math.max(LEAST_BYTES, Math.min(ADVISORY_BYTES, Math.ceil(total / context.threads)));
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
