import { afterAll, expect, it } from "vitest";
import { captureClosure } from "../../../src/exec/closure/index.js";
import { SparkConf } from "../../../src/common/index.js";
import { Engine, type PassBlock } from "../../../src/exec/index.js";

const engine = new Engine(new SparkConf().set("spark.master", "local-cluster[2,1,512]"));
afterAll(() => engine.stop());

const AT = 131_072;
/** A block of 1000 numbers from `first` on, in the memory of the executor that makes it; and that executor's process. */
const makeBlock = captureClosure(async (first: number) => {
  await new Promise((resolve) => setTimeout(resolve, 100));
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 65_536, shared: true });
  new Float64Array(memory.buffer, 131_072, 1000).forEach((_, i, all) => (all[i] = first + i));
  return { block: { buffer: memory.buffer, memory, info: { at: 131_072 } }, pid: process.pid };
});
interface Made {
  readonly block: PassBlock;
  readonly pid: number;
}

it("run where the blocks lie, and again elsewhere when an executor is lost in the middle of them", async () => {
  await engine.scheduler.runJob({ description: "passes" }, async (job) => {
    const output = await engine.scheduler.runKept<Made>(job, {
      name: "make blocks",
      task: "exec.call",
      numTasks: 4,
      payload: (partition) => ({ closure: makeBlock, argument: 1000 * partition }),
    });
    const blocks = output.results().map(({ block }) => block);
    const executors = new Set(blocks.map((block) => ("remote" in block ? block.remote.executor : "here")));
    expect([...executors].sort()).toEqual(["0", "1"]);

    let refreshes = 0;
    const passes = engine.openPasses({
      kernel: "exec.sum",
      config: null,
      blocks,
      units: blocks.flatMap((_, block) => [
        { block, start: 0, end: 300 },
        { block, start: 300, end: 1000 },
      ]),
      inputLength: 1,
      outputLength: 1,
      scratchBytes: 0,
      refresh: async () => {
        refreshes++;
        await engine.scheduler.restore(job, output);
        return output.results().map(({ block }) => block);
      },
    });
    const total = (4000 * 3999) / 2;
    const victim = output.result(1).pid;
    for (let k = 1; k <= 300; k++) {
      passes.input[0] = k;
      const pass = passes.run();
      if (k === 100) process.kill(victim, "SIGKILL");
      await pass;
      expect(passes.sum()[0]).toBe(k * total);
      expect(passes.output(7)[0]).toBe(k * ((3300 + 3999) / 2) * 700);
    }
    expect(refreshes).toBeGreaterThan(0);
    passes.close();
    await expect(
      engine
        .openPasses({
          kernel: "exec.sum",
          config: null,
          blocks: output.results().map(({ block }) => block),
          units: [{ block: 0, start: 0, end: 1 }],
          inputLength: 1,
          outputLength: 1,
          scratchBytes: 0,
        })
        .run(1),
    ).rejects.toThrow(/told to fail/);
  });
});

it("of blocks in the driver's memory run there", async () => {
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 65_536, shared: true });
  new Float64Array(memory.buffer, AT, 3).set([1, 2, 3]);
  const passes = engine.openPasses({
    kernel: "exec.sum",
    config: null,
    blocks: [{ memory, info: { at: AT } }],
    units: [{ block: 0, start: 0, end: 3 }],
    inputLength: 1,
    outputLength: 1,
    scratchBytes: 0,
  });
  passes.input[0] = 2;
  await passes.run();
  expect(passes.sum()[0]).toBe(12);
  passes.close();
});
