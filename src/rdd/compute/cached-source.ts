import { fromBlock } from "../../columnar/index.js";
import { isMemoryFull, type TaskContext } from "../../exec/index.js";
import type { StoredBlock } from "../../memory/index.js";
import { decodeInto, decodeLazily, ElementBuilder } from "../codec/index.js";
import type { Sink, Source } from "../operator.js";
import { wholePieces } from "../shuffle/map-output.js";
import type { CacheSpec } from "./node-spec.js";
import type { TaskCompute } from "./task-compute.js";

/** Bytes of elements that are stored as one block of a cached partition. */
const BLOCK_BYTES = 16 * 2 ** 20;

/** Elements that were stored. */
export function storedSource(blocks: readonly StoredBlock[], task: TaskContext): Source {
  return {
    count: () => blocks.reduce((n, { numRows }) => n + numRows, 0),
    stored: () => wholePieces(blocks),
    push(sink) {
      for (const { block } of blocks) {
        task.checkCancelled();
        if (!decodeInto(fromBlock(block), sink)) return false;
      }
      return true;
    },
    *iterate() {
      for (const { block } of blocks) yield* decodeLazily(fromBlock(block));
    },
  };
}

/**
 * The partition of a persisted RDD: what is stored, else the whole partition is computed and stored before the first element is
 * handed on, as in Spark. Where memory has no room and the level allows no disk, the elements pass through unstored.
 */
export function cachedSource(computed: Source, { id, level, blocks }: CacheSpec, compute: TaskCompute): Source {
  const { task } = compute;
  if (blocks) return storedSource(blocks, task);
  const stored = (): readonly StoredBlock[] | undefined => {
    const earlier = compute.cached.find((partition) => partition.id === id);
    if (earlier) return earlier.blocks;
    const made = storeAll(computed, level, id.slice(0, id.lastIndexOf("_")), task);
    if (made) compute.cached.push({ id, blocks: made, level });
    return made;
  };
  const source = (): Source => {
    const made = stored();
    return made ? storedSource(made, task) : computed;
  };
  return {
    push: (sink: Sink) => source().push(sink),
    iterate: () => source().iterate(),
    count: () => source().count?.(),
    stored: () => source().stored?.(),
  };
}

/** Stores the elements; undefined when there is no room for them. */
function storeAll(
  computed: Source,
  level: CacheSpec["level"],
  group: string,
  task: TaskContext,
): StoredBlock[] | undefined {
  const blocks: StoredBlock[] = [];
  const builder = new ElementBuilder();
  const flush = (): void => {
    const numRows = builder.length;
    blocks.push({ block: task.blocks.store({ numRows, columns: [builder.finish()] }, { level, group }), numRows });
  };
  try {
    computed.push((element) => {
      builder.append(element);
      if ((builder.length & 255) === 0 && builder.bytes > BLOCK_BYTES) flush();
      return true;
    });
    if (builder.length > 0) flush();
  } catch (error) {
    if (isMemoryFull(error)) return undefined;
    throw error;
  }
  return blocks;
}
