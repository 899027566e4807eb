import { Worker } from "node:worker_threads";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PAGE_BYTES, UnifiedMemory } from "../../src/memory/index.js";

const TOTAL = 100;
const FLOOR = 40;
const SLOTS = 3;

/** What the budget should say, kept beside it in the plainest way. */
interface Model {
  storage: number;
  movable: number;
  readonly execution: number[];
  readonly storing: number[];
  readonly busy: boolean[];
}
const used = (m: Model): number => [m.storage, ...m.execution, ...m.storing].reduce((a, b) => a + b, 0);

interface Step {
  readonly kind: "busy" | "execution" | "release" | "store" | "drop" | "adopt" | "evict" | "die";
  readonly slot: number;
  readonly pages: number;
  readonly flag: boolean;
}
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom("busy", "execution", "release", "store", "drop", "adopt", "evict", "die"),
  slot: fc.nat(SLOTS - 1),
  pages: fc.integer({ min: 1, max: 60 }),
  flag: fc.boolean(),
});

function run(memory: UnifiedMemory, m: Model, { kind, slot, pages, flag }: Step): void {
  switch (kind) {
    case "busy":
      memory.setBusy(slot, flag);
      m.busy[slot] = flag;
      break;
    case "execution": {
      const kept = Math.max(m.storage - m.movable, Math.min(m.storage, FLOOR));
      const share = Math.floor((TOTAL - kept) / Math.max(1, m.busy.filter(Boolean).length));
      const missing = memory.acquireExecution(slot, pages);
      if (m.execution[slot] + pages > share) expect(missing).toBe(Infinity);
      if (missing === 0) m.execution[slot] += pages;
      else expect(used(m) + pages).toBeGreaterThan(missing === Infinity ? 0 : TOTAL);
      // Never more than storage above its floor could give.
      if (missing !== Infinity) expect(missing).toBeLessThanOrEqual(m.storage - kept);
      break;
    }
    case "release": {
      const some = Math.min(pages, m.execution[slot]);
      memory.releaseExecution(slot, some);
      m.execution[slot] -= some;
      break;
    }
    case "store": {
      const missing = memory.acquireStorage(slot, pages, flag ? TOTAL / 2 : Infinity);
      if (missing === 0) m.storing[slot] += pages;
      else if (missing !== Infinity) expect(missing).toBe(used(m) + pages - TOTAL);
      break;
    }
    case "drop": {
      const some = Math.min(pages, m.storing[slot]);
      memory.releaseStoring(slot, some);
      m.storing[slot] -= some;
      break;
    }
    case "adopt": {
      const taken = memory.adopt(slot, pages);
      expect(taken).toBe(Math.min(pages, m.storing[slot]));
      m.storing[slot] -= taken;
      m.storage += taken;
      if (flag) {
        memory.addMovable(taken);
        m.movable += taken;
      }
      break;
    }
    case "evict": {
      const some = Math.min(pages, flag ? m.movable : m.storage - m.movable);
      if (flag) {
        memory.addMovable(-some);
        m.movable -= some;
      }
      memory.releaseStorage(some);
      m.storage -= some;
      break;
    }
    case "die":
      expect(memory.reclaim(slot)).toBe(m.execution[slot] + m.storing[slot]);
      m.execution[slot] = m.storing[slot] = 0;
      m.busy[slot] = false;
      break;
  }
}

describe("the unified memory budget", () => {
  test("is never negative, never above its total, and empty at the end", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const memory = new UnifiedMemory(UnifiedMemory.allocate(TOTAL * PAGE_BYTES, FLOOR * PAGE_BYTES));
        const zeros = (): number[] => new Array<number>(SLOTS).fill(0);
        const m: Model = {
          storage: 0,
          movable: 0,
          execution: zeros(),
          storing: zeros(),
          busy: new Array(SLOTS).fill(false),
        };
        for (const next of steps) {
          run(memory, m, next);
          const { storage, execution, total } = memory.use();
          expect(storage).toBe((m.storage + m.storing.reduce((a, b) => a + b)) * PAGE_BYTES);
          expect(execution).toBe(m.execution.reduce((a, b) => a + b) * PAGE_BYTES);
          expect(storage).toBeGreaterThanOrEqual(0);
          expect(storage + execution).toBeLessThanOrEqual(total);
        }
        for (let slot = 0; slot < SLOTS; slot++) memory.reclaim(slot);
        memory.releaseStorage(m.storage);
        expect(memory.use()).toMatchObject({ storage: 0, execution: 0 });
        expect(memory.free).toBe(TOTAL);
      }),
      { numRuns: 300 },
    );
  });

  test("execution pushes cached blocks down to the floor, not below, and never others", () => {
    const memory = new UnifiedMemory(UnifiedMemory.allocate(TOTAL * PAGE_BYTES, FLOOR * PAGE_BYTES));
    memory.setBusy(0, true);
    expect(memory.acquireStorage(1, 90)).toBe(0);
    memory.adopt(1, 90);
    expect(memory.acquireExecution(0, 20)).toBe(Infinity);
    memory.addMovable(90);
    expect(memory.acquireExecution(0, 20)).toBe(10);
    expect(memory.acquireExecution(0, 60)).toBe(50);
    expect(memory.acquireExecution(0, 61)).toBe(Infinity);
    expect(memory.acquireStorage(1, 20)).toBe(10);
  });

  test("tasks that run share what there is", () => {
    const memory = new UnifiedMemory(UnifiedMemory.allocate(TOTAL * PAGE_BYTES, 0));
    memory.setBusy(0, true);
    expect(memory.acquireExecution(0, 80)).toBe(0);
    memory.setBusy(1, true);
    expect(memory.acquireExecution(1, 51)).toBe(Infinity);
    expect(memory.acquireExecution(1, 20)).toBe(0);
    memory.setBusy(0, false);
    memory.releaseExecution(0, 80);
    expect(memory.acquireExecution(1, 80)).toBe(0);
  });

  test("a thread that dies holding the lock does not stop the others", () => {
    const buffer = UnifiedMemory.allocate(TOTAL * PAGE_BYTES, 0);
    const memory = new UnifiedMemory(buffer);
    const lock = new Int32Array(buffer);
    expect(new UnifiedMemory(buffer, 5).acquireExecution(5, 7)).toBe(0);
    Atomics.store(lock, 0, 6);
    expect(memory.reclaim(5)).toBe(7);
    expect(memory.free).toBe(TOTAL);
  });

  test("threads that take and give at the same time leave nothing, also when they are stopped in the middle", async () => {
    const buffer = UnifiedMemory.allocate(TOTAL * PAGE_BYTES, FLOOR * PAGE_BYTES);
    const memory = new UnifiedMemory(buffer);
    const source = `
      const { workerData, parentPort } = require("node:worker_threads");
      import(workerData.module).then(({ UnifiedMemory }) => {
        const memory = new UnifiedMemory(workerData.buffer, workerData.slot);
        parentPort.postMessage("ready");
        for (let i = 0; ; i++) {
          const pages = 1 + (i % 7);
          if (memory.acquireExecution(workerData.slot, pages) === 0 && i % 3) memory.releaseExecution(workerData.slot, pages);
          if (memory.acquireStorage(workerData.slot, pages) === 0) memory.releaseStoring(workerData.slot, pages);
        }
      });`;
    const { build } = await import("esbuild");
    const { outputFiles } = await build({
      entryPoints: [new URL("../../src/memory/unified-memory.ts", import.meta.url).pathname],
      bundle: true,
      format: "esm",
      platform: "node",
      write: false,
    });
    const code = `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`;
    for (let round = 0; round < 4; round++) {
      const workers = [0, 1, 2].map(
        (slot) => new Worker(source, { eval: true, workerData: { buffer, slot, module: code } }),
      );
      await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once("message", resolve))));
      const until = performance.now() + 30;
      while (performance.now() < until) {
        const { storage, execution, total } = memory.use();
        expect(storage + execution).toBeLessThanOrEqual(total);
      }
      await Promise.all(workers.map((worker) => worker.terminate()));
      for (let slot = 0; slot < 3; slot++) memory.reclaim(slot);
      expect(memory.free).toBe(TOTAL);
    }
  }, 20_000);
});
