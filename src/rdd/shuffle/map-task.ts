import { defineTask, type TaskContext } from "../../exec/index.js";
import { openAggregator, type Aggregator, type AggregatorSpec } from "../aggregator.js";
import type { NodeSpec } from "../compute/node-spec.js";
import { TaskCompute } from "../compute/task-compute.js";
import { KeyedMap } from "../keyed-map.js";
import type { Source } from "../operator.js";
import { roughSize } from "../codec/index.js";
import { openPartitioner, type PartitionerSpec } from "../partitioner.js";
import { countWords, wordCountOf } from "../text/word-count.js";
import type { MapOutput } from "./map-output.js";
import { mapStored } from "./map-stored.js";
import { MapWriter } from "./map-writer.js";

export interface MapPayload {
  readonly node: NodeSpec;
  readonly numPartitions: number;
  readonly partitioner: PartitionerSpec;
  /** Present where pairs are combined before they are written. */
  readonly aggregator?: AggregatorSpec;
}

type Pair = readonly [unknown, unknown];

/** One map task of a shuffle: computes a partition of pairs and writes them by destination. */
export const mapTask = defineTask<MapPayload, MapOutput>({
  name: "rdd.shuffleMap",
  async run({ node, numPartitions, partitioner, aggregator }, task) {
    const compute = new TaskCompute(task);
    await compute.prepare(node);
    const source = compute.source(node);
    const partitionOf = openPartitioner(partitioner, compute.revive);
    const writer = new MapWriter(numPartitions, task);
    const wordCount = aggregator && wordCountOf(node, aggregator);
    if (wordCount) countWords(wordCount, task, (word, sum) => writer.add([word, sum], partitionOf(word)));
    else if (aggregator) combine(source, openAggregator(aggregator, compute.revive), partitionOf, writer, task);
    else {
      const pieces = source.stored?.();
      if (pieces) mapStored(pieces, partitioner, partitionOf, writer, task);
      else {
        source.push((pair: Pair) => {
          writer.add(pair, partitionOf(pair[0]));
          return true;
        });
      }
    }
    compute.report();
    return { blocks: writer.finish() };
  },
});

/** Entries of the map between two looks at the memory. */
const STRIDE = 8192;

/** One combiner a key for as long as there is memory; then they are written and the map starts over, as readers combine again. */
function combine(
  source: Source,
  { create, merge, grows }: Aggregator,
  partitionOf: (key: unknown) => number,
  writer: MapWriter,
  task: TaskContext,
): void {
  const table = new KeyedMap();
  const { keys, values } = table;
  let held = 0;
  let perEntry = 0;
  let left = STRIDE;
  let merged = 0;
  const flush = (): void => {
    for (let i = 0; i < keys.length; i++) writer.add([keys[i], values[i]], partitionOf(keys[i]));
    table.clear();
    merged = 0;
    task.memory.release(held);
    held = 0;
  };
  const look = (): void => {
    left = STRIDE;
    task.checkCancelled();
    const at = keys.length - 1;
    const size = 72 + roughSize(keys[at]) + (grows ? 8 : roughSize(values[at]));
    perEntry = perEntry === 0 ? size : perEntry + (size - perEntry) / 8;
    const bytes = Math.ceil(keys.length * perEntry + (grows ? merged * 24 : 0));
    if (bytes <= held) return;
    const wanted = Math.max(bytes - held, 2 ** 20, held >> 2);
    if (task.memory.acquire(wanted)) held += wanted;
    else flush();
  };
  source.push((pair: Pair) => {
    const key = pair[0];
    const index = table.indexOf(key);
    if (index >= 0) {
      values[index] = merge(values[index], pair[1]);
      merged++;
    } else table.insert(key, create(pair[1]));
    if (--left === 0) look();
    return true;
  });
  flush();
}
