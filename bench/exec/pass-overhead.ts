import { PassPool } from "../../src/exec/index.js";
import { allocateBlock } from "../../src/memory/index.js";

/** Microseconds that one synchronised pass costs beyond its compute, for 1 and 2 threads: the median of 5,000 passes over 8 doubles. */
export async function passOverhead(threads: number): Promise<number> {
  const pool = new PassPool(threads);
  const { block, positions } = allocateBlock({ buffers: [64], directory: () => ({}), kernels: true });
  const passes = pool.openPasses({
    kernel: "exec.sum",
    config: null,
    blocks: [{ memory: block.memory as WebAssembly.Memory, info: { at: positions[0] } }],
    units: Array.from({ length: threads }, () => ({ block: 0, start: 0, end: 8 })),
    inputLength: 1,
    outputLength: 1,
    scratchBytes: 0,
  });
  const times: number[] = [];
  for (let i = 0; i < 6000; i++) {
    const begin = performance.now();
    await passes.run();
    times.push(performance.now() - begin);
  }
  await pool.stop();
  return times.slice(1000).sort((a, b) => a - b)[2500] * 1000;
}
