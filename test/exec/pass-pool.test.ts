import { afterAll, describe, expect, it } from "vitest";
import { PassPool } from "../../src/exec/index.js";
import { allocateBlock } from "../../src/memory/index.js";

const pool = new PassPool(2);
afterAll(() => pool.stop());

function block(values: number[]) {
  const { block: made, positions } = allocateBlock({
    buffers: [8 * values.length],
    directory: () => ({}),
    kernels: true,
  });
  new Float64Array(made.buffer, positions[0], values.length).set(values);
  return { memory: made.memory as WebAssembly.Memory, info: { at: positions[0] } };
}

const numbers = Array.from({ length: 1000 }, (_, i) => i + 1);
const open = () =>
  pool.openPasses({
    kernel: "exec.sum",
    config: null,
    blocks: [block(numbers), block([5, 6])],
    units: [
      { block: 0, start: 0, end: 500 },
      { block: 0, start: 500, end: 1000 },
      { block: 1, start: 0, end: 2 },
    ],
    inputLength: 1,
    outputLength: 1,
    scratchBytes: 64,
  });

describe("passes", () => {
  it("run a kernel over blocks in place, again and again", async () => {
    const passes = open();
    for (let k = 1; k <= 200; k++) {
      passes.input[0] = k;
      await passes.run();
      expect(passes.sum()[0]).toBe(k * (500500 + 11));
    }
    passes.close();
  });

  it("of several sets run side by side", async () => {
    const sets = [open(), open(), open()];
    await Promise.all(
      sets.map(async (passes, s) => {
        for (let k = 1; k <= 50; k++) {
          passes.input[0] = k + s;
          await passes.run();
          expect(passes.sum()[0]).toBe((k + s) * 500511);
        }
        passes.close();
      }),
    );
  });

  it("reject with the kernel's own error and leave the pool usable", async () => {
    const passes = open();
    await expect(passes.run(1)).rejects.toThrow(/told to fail/);
    passes.close();
    const next = open();
    next.input[0] = 1;
    await next.run();
    expect(next.sum()[0]).toBe(500511);
    next.close();
  });

  it("of no units end at once", async () => {
    const passes = pool.openPasses({
      kernel: "exec.sum",
      config: null,
      blocks: [],
      units: [],
      inputLength: 1,
      outputLength: 1,
      scratchBytes: 0,
    });
    await passes.run();
    expect([...passes.sum()]).toEqual([0]);
  });
});
