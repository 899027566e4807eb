import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { f64Column, fromBlock, toBlock, type Batch } from "../../../src/columnar/index.js";
import { SparkConf } from "../../../src/common/index.js";
import { BlockStore, isMemoryFull } from "../../../src/exec/index.js";
import { attachWorkerStorage, TaskStorage } from "../../../src/exec/task-storage.js";
import { isResident, PAGE_BYTES, type FileBlock } from "../../../src/memory/index.js";
import { makeSpillDirectory, StorageLevel } from "../../../src/storage/index.js";

const MB = 2 ** 20;
const root = mkdtempSync(join(tmpdir(), "kindling-tasks-"));
afterAll(() => rmSync(root, { recursive: true }));

/** A block store of 8 MiB whose tasks run on this thread. */
function newStore(): BlockStore {
  const conf = new SparkConf()
    .set("spark.testing.reservedMemory", "0")
    .set("spark.executor.memory", "8m")
    .set("spark.memory.fraction", "1")
    .set("spark.local.dir", root);
  const store = new BlockStore(conf);
  attachWorkerStorage(store.workerSettings());
  return store;
}
let store: BlockStore;
beforeEach(() => {
  store?.stop();
  store = newStore();
});
afterAll(() => store.stop());

let nextAttempt = 0;
const task = (slot = 0): TaskStorage =>
  new TaskStorage({ stageId: 3, partitionId: 4, taskAttemptId: nextAttempt++ }, slot);
const megabytes = (count: number, first = 0): Batch => {
  const rows = (count * MB) / 8;
  return { numRows: rows, columns: [f64Column(Float64Array.from({ length: rows }, (_, i) => i + first))] };
};
const last = (batch: Batch): number => (batch.columns[0] as { values: Float64Array }).values[batch.numRows - 1];

describe("a task's memory", () => {
  test("is taken from the budget and given back with the task", () => {
    const { memory } = task();
    expect(memory.acquire(3 * MB)).toBe(true);
    expect(memory.acquire(100)).toBe(true);
    expect(memory.held).toBe(3 * MB + 100);
    expect(store.memoryUse().execution).toBe(3 * MB + PAGE_BYTES);
    memory.release(MB);
    expect(store.memoryUse().execution).toBe(2 * MB + PAGE_BYTES);
    expect(memory.acquire(7 * MB)).toBe(false);
    expect(memory.held).toBe(2 * MB + 100);
    expect(memory.peak).toBe(3 * MB + 100);
  });

  test("is shared with the tasks that run beside it", () => {
    const one = task(0);
    const two = task(1);
    expect(one.memory.acquire(5 * MB)).toBe(false);
    expect(one.memory.acquire(4 * MB)).toBe(true);
    expect(two.memory.acquire(4 * MB)).toBe(true);
    one.failed();
    two.succeeded();
    expect(store.memoryUse().execution).toBe(0);
  });
});

describe("a task's blocks", () => {
  test("lie in memory while there is room, then in files, and say who made them", () => {
    const one = task();
    const stored = [0, 1, 2].map((i) => one.blocks.store(megabytes(2, i)));
    expect(stored.map(isResident)).toEqual([true, false, false]);
    expect(stored.map(fromBlock).map(last)).toEqual([0, 1, 2].map((i) => MB / 4 - 1 + i));
    expect((stored[1] as FileBlock).file.origin).toEqual({ stageId: 3, partition: 4 });
    const receipt = one.succeeded()!;
    expect(receipt.blocks).toEqual(stored);
    store.adopt(receipt);
    expect(store.memoryUse().storage).toBeGreaterThan(2 * MB);
    expect(store.spill.files()).toHaveLength(1);
    store.release([stored[0], stored[1]]);
    expect(store.memoryUse().storage).toBe(0);
    expect(store.spill.files()).toHaveLength(1);
    store.releaseStage(3);
    expect(store.spill.files()).toEqual([]);
  });

  test("go as a whole when the task fails", () => {
    const one = task();
    one.blocks.store(megabytes(2));
    one.blocks.store(megabytes(4));
    one.blocks.spill(megabytes(1));
    one.memory.acquire(MB);
    expect(store.spill.files()).toHaveLength(2);
    one.failed();
    expect(store.spill.files()).toEqual([]);
    expect(store.memoryUse()).toMatchObject({ storage: 0, execution: 0 });
  });

  test("of its own are files that go one by one, at the latest with the task", () => {
    const one = task();
    const first = Array.from({ length: 64 }, (_, i) => one.blocks.spill(megabytes(1, i)));
    const second = one.blocks.spill(megabytes(1, 64));
    expect(store.spill.files()).toHaveLength(2);
    expect(last(fromBlock(first[5]))).toBe(MB / 8 - 1 + 5);
    for (const block of first) one.blocks.discard(block);
    expect(existsSync(first[0].file.path)).toBe(false);
    expect(last(fromBlock(second))).toBe(MB / 8 - 1 + 64);
    expect(one.blocks.spilledBytes).toBeGreaterThan(65 * MB);
    expect(one.succeeded()).toBeUndefined();
    expect(store.spill.files()).toEqual([]);
  });

  test("follow their storage level", () => {
    const one = task();
    const at = (level: StorageLevel, count = 1): unknown =>
      one.blocks.store(megabytes(count), { level, kernels: true });
    expect(at(StorageLevel.DISK_ONLY)).toHaveProperty("file");
    expect(at(StorageLevel.MEMORY_ONLY)).toHaveProperty("memory.buffer");
    expect(at(StorageLevel.OFF_HEAP)).toMatchObject({ memory: undefined });
    const packed = one.blocks.store(megabytes(1), { level: StorageLevel.MEMORY_ONLY_SER });
    expect(isResident(packed) && packed.buffer.byteLength).toBeLessThan(MB);
    expect(last(fromBlock(packed))).toBe(MB / 8 - 1);
    let error: unknown;
    try {
      at(StorageLevel.MEMORY_ONLY, 6);
    } catch (e) {
      error = e;
    }
    expect(isMemoryFull(error)).toBe(true);
    one.failed();
    expect(store.memoryUse().storage).toBe(0);
  });

  test("laid out by a trainer are kept or written as they are", () => {
    const one = task();
    const block = one.blocks.keep(MB, () => toBlock(megabytes(1), true));
    expect(block?.memory).toBeDefined();
    expect(one.blocks.keep(7 * MB, () => toBlock(megabytes(7), true))).toBeUndefined();
    const { file } = one.blocks.storeImage(new Uint8Array(block!.buffer, 65_536));
    expect(file.bytes).toBe(block!.buffer.byteLength - 65_536);
    expect(file.kernels).toBe(true);
    one.failed();
  });

  test("leave nothing behind when the disk is full", () => {
    const one = task();
    makeSpillDirectory(store.spill.path);
    const name = `task-${nextAttempt - 1}`;
    for (const file of [`${name}-spill-0`, `${name}-store-1`]) symlinkSync("/dev/full", join(store.spill.path, file));
    expect(() => one.blocks.spill(megabytes(1))).toThrow(/CANNOT_WRITE_LOCAL_FILE.*spark\.local\.dir/);
    expect(() => one.blocks.store(megabytes(1), { level: StorageLevel.DISK_ONLY })).toThrow(/no space left/);
    one.failed();
    expect(store.spill.files()).toEqual([]);
    expect(store.memoryUse()).toMatchObject({ storage: 0, execution: 0 });
  });

  test("of a thread that died are given back, except those that were handed over", () => {
    const one = task(5);
    const kept = one.blocks.store(megabytes(1));
    store.adopt(one.succeeded());
    const two = task(5);
    two.memory.acquire(2 * MB);
    two.blocks.store(megabytes(1));
    const before = store.memoryUse().storage;
    store.slotLost(5);
    expect(store.memoryUse()).toMatchObject({ storage: before / 2, execution: 0 });
    store.release([kept]);
    expect(store.memoryUse().storage).toBe(0);
  });
});

describe("the block store", () => {
  test("gives back what nobody holds any more", async () => {
    (() => {
      const one = task();
      for (let i = 0; i < 3; i++) one.blocks.store(megabytes(1));
      one.blocks.store(megabytes(1), { level: StorageLevel.DISK_ONLY });
      store.adopt(one.succeeded());
    })();
    expect(store.memoryUse().storage).toBeGreaterThan(3 * MB);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await store.leaks()).toEqual({ bytes: 0, blocks: 0, files: [], openFiles: [] });
  });

  test("deletes its directory when it stops", () => {
    task().blocks.store(megabytes(1), { level: StorageLevel.DISK_ONLY });
    expect(readdirSync(root)).toHaveLength(1);
    store.stop();
    expect(readdirSync(root)).toEqual([]);
  });
});
