import { describe, expect, test } from "vitest";
import type { Batch } from "../../../src/columnar/index.js";
import type { TaskContext } from "../../../src/exec/index.js";
import { groupAggregator, openAggregator, reduceAggregator } from "../../../src/rdd/aggregator.js";
import { decodePairs, encodeRows } from "../../../src/rdd/codec/index.js";
import type { ShuffleInput } from "../../../src/rdd/operator.js";
import { combinePairs } from "../../../src/rdd/shuffle/combine-pairs.js";
import { ExternalSorter } from "../../../src/rdd/shuffle/external-sorter.js";
import { toBlock } from "../../../src/columnar/index.js";

/** A task that gets `budget` bytes of memory and keeps what it spills. */
function smallTask(budget: number) {
  let held = 0;
  const spills = { written: 0, live: 0 };
  const task = {
    checkCancelled: () => undefined,
    memory: {
      acquire: (bytes: number) => held + bytes <= budget && ((held += bytes), true),
      release: (bytes: number) => void (held -= bytes),
    },
    blocks: {
      spill: (batch: Batch) => (spills.written++, spills.live++, toBlock(batch)),
      discard: () => void spills.live--,
    },
  } as unknown as TaskContext;
  return { task, spills, held: () => held };
}

const pairsOf = (pairs: readonly (readonly [unknown, unknown])[]): ShuffleInput => {
  const batch = encodeRows(pairs);
  return { pushPairs: (fn) => decodePairs(batch, fn) } as ShuffleInput;
};

describe.each([0, 2 ** 21, 2 ** 30])("with %i bytes of memory", (budget) => {
  test("a sort is stable and complete, and gives everything back", () => {
    const { task, spills, held } = smallTask(budget);
    const sorter = new ExternalSorter<readonly [number, number]>((a, b) => a[0] - b[0], task);
    const input = Array.from({ length: 60_000 }, (_, i) => [(i * 7919) % 1000, i] as const);
    for (const pair of input) sorter.add(pair);
    expect([...sorter.iterate()]).toEqual([...input].sort((a, b) => a[0] - b[0]));
    expect([held(), spills.live]).toEqual([0, 0]);
    expect(spills.written > 0).toBe(budget < 2 ** 30);
  });

  test("a combine gives one combiner a key, and gives everything back", () => {
    const { task, spills, held } = smallTask(budget);
    const revive = () => ((a: number, b: number) => a + b) as never;
    const aggregator = openAggregator({ name: reduceAggregator.name, params: { fn: null } }, revive);
    const pairs = Array.from({ length: 60_000 }, (_, i) => [`key ${i % 20_000}`, i] as const);
    const found = new Map<unknown, unknown>();
    combinePairs(pairsOf(pairs), aggregator, false, task).pushPairs((key, value) => {
      expect(found.has(key)).toBe(false);
      found.set(key, value);
    });
    expect(found.size).toBe(20_000);
    expect(found.get("key 7")).toBe(7 + 20_007 + 40_007);
    expect([held(), spills.live]).toEqual([0, 0]);
    expect(spills.written > 0).toBe(budget < 2 ** 30);
  });

  test("groups keep the order of their values, also when the reader stops early", () => {
    const { task, spills, held } = smallTask(budget);
    const aggregator = openAggregator({ name: groupAggregator.name }, (() => undefined) as never);
    const pairs = Array.from({ length: 30_000 }, (_, i) => [i % 5000, i] as const);
    const input = combinePairs(pairsOf(pairs), aggregator, false, task);
    const groups = new Map([...(input.iterate() as IterableIterator<[number, number[]]>)]);
    expect(groups.size).toBe(5000);
    expect(groups.get(3)).toEqual([3, 5003, 10_003, 15_003, 20_003, 25_003]);
    for (const pair of input.iterate()) {
      expect(pair).toHaveLength(2);
      break;
    }
    expect([held(), spills.live]).toEqual([0, 0]);
  });
});
