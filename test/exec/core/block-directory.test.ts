import { describe, expect, it } from "vitest";
import { BlockDirectory, type BlockLevel } from "../../../src/exec/core/block-directory.js";

const memoryOnly: BlockLevel = { useMemory: true, useDisk: false, replication: 1 };
const memoryAndDisk: BlockLevel = { useMemory: true, useDisk: true, replication: 1 };

function directory(...executors: string[]): BlockDirectory {
  const made = new BlockDirectory();
  for (const executor of executors) made.handle({ type: "executorAdded", executor });
  return made;
}
const store = (on: BlockDirectory, block: string, level: BlockLevel, memoryBytes = 10, executor = "a") =>
  on.handle({
    type: "stored",
    block,
    group: block.slice(0, block.lastIndexOf("_")),
    executor,
    level,
    memoryBytes,
    diskBytes: 0,
  });

describe("BlockDirectory", () => {
  it("evicts the least recently used, spilled or dropped by level, all that is asked for or nothing", () => {
    const blocks = directory("a");
    store(blocks, "rdd_1_0", memoryOnly);
    store(blocks, "rdd_2_0", memoryAndDisk);
    store(blocks, "rdd_3_0", memoryOnly);
    blocks.handle({ type: "used", block: "rdd_1_0", executor: "a" });
    expect(blocks.handle({ type: "roomNeeded", executor: "a", bytes: 31 })).toEqual([]);
    expect(blocks.handle({ type: "roomNeeded", executor: "a", bytes: 15 })).toEqual([
      { type: "spill", executor: "a", block: "rdd_2_0", bytes: 10 },
      { type: "drop", executor: "a", block: "rdd_3_0", bytes: 10 },
      { type: "gone", block: "rdd_3_0", group: "rdd_3" },
    ]);
    blocks.handle({ type: "spilled", block: "rdd_2_0", executor: "a", diskBytes: 8 });
    expect([blocks.memoryBytes("a"), blocks.diskBytes("a")]).toEqual([10, 8]);
    expect(blocks.inMemory("rdd_2_0", "a")).toBe(false);
  });

  it("never evicts blocks of the group that asks, nor pinned ones", () => {
    const blocks = directory("a");
    store(blocks, "rdd_1_0", memoryOnly);
    store(blocks, "rdd_2_0", memoryOnly);
    blocks.handle({ type: "pinned", block: "rdd_2_0", executor: "a" });
    expect(blocks.handle({ type: "roomNeeded", executor: "a", bytes: 1, group: "rdd_1" })).toEqual([]);
    blocks.handle({ type: "unpinned", block: "rdd_2_0", executor: "a" });
    expect(blocks.handle({ type: "roomNeeded", executor: "a", bytes: 1, group: "rdd_1" })).toHaveLength(2);
  });

  it("keeps two copies where two executors are, and makes a new one when one is lost", () => {
    const twice = { ...memoryAndDisk, replication: 2 };
    const alone = directory("a");
    expect(store(alone, "rdd_1_0", twice)).toEqual([]);
    const blocks = directory("a", "b", "c");
    expect(store(blocks, "rdd_1_0", twice)).toEqual([{ type: "replicate", block: "rdd_1_0", from: "a", to: "b" }]);
    expect(store(blocks, "rdd_1_0", twice, 10, "c")).toEqual([{ type: "refuse", executor: "c", block: "rdd_1_0" }]);
    const copy = { block: "rdd_1_0", group: "rdd_1", level: twice, memoryBytes: 10, diskBytes: 0, replica: true };
    expect(blocks.handle({ type: "stored", executor: "b", ...copy })).toEqual([]);
    expect(blocks.handle({ type: "executorRemoved", executor: "a" })).toEqual([
      { type: "replicate", block: "rdd_1_0", from: "b", to: "c" },
    ]);
    expect(blocks.locations("rdd_1_0")).toEqual(["b"]);
  });

  it("says which blocks are gone with an executor, and refuses what comes too late", () => {
    const blocks = directory("a");
    store(blocks, "rdd_1_0", memoryOnly);
    expect(blocks.handle({ type: "executorRemoved", executor: "a" })).toEqual([
      { type: "gone", block: "rdd_1_0", group: "rdd_1" },
    ]);
    expect(store(blocks, "rdd_1_1", memoryOnly)).toEqual([{ type: "refuse", executor: "a", block: "rdd_1_1" }]);
  });

  it("drops every copy of a group that is released", () => {
    const blocks = directory("a");
    store(blocks, "rdd_1_0", memoryOnly);
    store(blocks, "rdd_1_1", memoryAndDisk);
    expect(blocks.usage("rdd_1")).toEqual({ blocks: 2, memoryBytes: 20, diskBytes: 0 });
    expect(blocks.handle({ type: "groupReleased", group: "rdd_1" })).toHaveLength(2);
    expect([blocks.memoryBytes("a"), blocks.holdsBlocks("a"), blocks.groupNames()]).toEqual([0, false, []]);
  });
});
