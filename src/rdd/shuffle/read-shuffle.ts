import { fromBlock } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import { openAggregator } from "../aggregator.js";
import { decodeInto, decodeLazily, decodePairs } from "../codec/index.js";
import type { ShuffleSpec } from "../compute/node-spec.js";
import type { ComputeInput, ShuffleInput, Sink } from "../operator.js";
import { openOrdering } from "../ordering.js";
import { combinePairs } from "./combine-pairs.js";
import { ExternalSorter } from "./external-sorter.js";

/** What a shuffle brought to one partition: pieces in map order, combined where the dependency aggregates, sorted where it orders. */
export function readShuffle(spec: ShuffleSpec, task: TaskContext, revive: ComputeInput["revive"]): ShuffleInput {
  const { pieces } = spec;
  const raw: ShuffleInput = {
    count: () => pieces.reduce((n, { start, end }) => n + end - start, 0),
    stored: () => pieces,
    pushPairs(fn) {
      for (const { block, start, end } of pieces) {
        task.checkCancelled();
        decodePairs(fromBlock(block), fn, start, end);
      }
    },
    push(sink) {
      for (const { block, start, end } of pieces) {
        task.checkCancelled();
        if (!decodeInto(fromBlock(block), sink, start, end)) return false;
      }
      return true;
    },
    *iterate() {
      for (const { block, start, end } of pieces) yield* decodeLazily(fromBlock(block), start, end);
    },
  };
  const combined = spec.aggregator
    ? combinePairs(raw, openAggregator(spec.aggregator, revive), spec.combined, task)
    : raw;
  return spec.ordering ? sortedPairs(combined, spec, task, revive) : combined;
}

function sortedPairs(
  input: ShuffleInput,
  spec: ShuffleSpec,
  task: TaskContext,
  revive: ComputeInput["revive"],
): ShuffleInput {
  const compare = openOrdering(spec.ordering!, revive);
  const sorted = (): IterableIterator<unknown> => {
    const sorter = new ExternalSorter<readonly [unknown, unknown]>((a, b) => compare(a[0], b[0]), task);
    input.push((pair: readonly [unknown, unknown]) => {
      sorter.add(pair);
      return true;
    });
    return sorter.iterate();
  };
  return {
    iterate: sorted,
    push(sink: Sink) {
      for (const pair of sorted()) if (!sink(pair)) return false;
      return true;
    },
    pushPairs(fn) {
      for (const pair of sorted() as IterableIterator<readonly [unknown, unknown]>) fn(pair[0], pair[1]);
    },
  };
}
