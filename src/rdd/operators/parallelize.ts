import { IllegalArgumentException } from "../../common/index.js";
import { fromBlock, toBlock } from "../../columnar/index.js";
import type { StoredBlock } from "../../memory/index.js";
import { decodeInto, decodeLazily, ElementBuilder } from "../codec/index.js";
import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";
import { wholePieces } from "../shuffle/map-output.js";
import type { SparkContext } from "../spark-context.js";

const BLOCK_BYTES = 16 * 2 ** 20;

/** The elements in `numSlices` partitions, cut where Spark cuts: partition i starts at `floor(i * length / numSlices)`. */
export function parallelize<T>(context: SparkContext, elements: Iterable<T>, numSlices: number): RDD<T> {
  if (!Number.isInteger(numSlices) || numSlices < 1) {
    throw new IllegalArgumentException(`Positive number of partitions required; got ${numSlices}.`);
  }
  const values = Array.isArray(elements) ? (elements as readonly T[]) : [...elements];
  const start = (slice: number): number => Math.floor((slice * values.length) / numSlices);
  const splits = Array.from({ length: numSlices }, (_, i) => slice(values, start(i), start(i + 1)));
  return context.rdd<T>({
    className: "ParallelCollectionRDD",
    operator: "rdd.parallelize",
    plan: () => ({ dependencies: [], splits }),
  });
}

/** Elements of one partition, laid out in shared memory. */
function slice(values: readonly unknown[], start: number, end: number): StoredBlock[] {
  const blocks: StoredBlock[] = [];
  const builder = new ElementBuilder();
  const flush = (): void => {
    const numRows = builder.length;
    blocks.push({ block: toBlock({ numRows, columns: [builder.finish()] }), numRows });
  };
  for (let i = start; i < end; i++) {
    builder.append(values[i]);
    if ((builder.length & 255) === 0 && builder.bytes > BLOCK_BYTES) flush();
  }
  if (builder.length > 0) flush();
  return blocks;
}

defineRddOperator<undefined, readonly StoredBlock[]>({
  name: "rdd.parallelize",
  count: ({ split }) => split.reduce((n, { numRows }) => n + numRows, 0),
  stored: ({ split }) => wholePieces(split),
  *iterate({ split }) {
    for (const { block } of split) yield* decodeLazily(fromBlock(block));
  },
  push({ split, task }, sink) {
    for (const { block } of split) {
      task.checkCancelled();
      if (!decodeInto(fromBlock(block), sink)) return false;
    }
    return true;
  },
});
