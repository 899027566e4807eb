/** Milliseconds of the fastest of `n` runs: what the machine can do when nothing else disturbs it. */
export function bestOf(n: number, run: () => void): number {
  let best = Infinity;
  for (let i = 0; i < n; i++) {
    const begin = performance.now();
    run();
    best = Math.min(best, performance.now() - begin);
  }
  return best;
}

/** Hands out 64-byte aligned areas of a memory of its own, behind the kernels' static data. */
export function kernelMemory(bytes: number) {
  const pages = Math.ceil(bytes / 65_536) + 2;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65_536, shared: true });
  let next = 65_536;
  const take = (size: number): number => {
    const at = next;
    next = Math.ceil((next + size) / 64) * 64;
    return at;
  };
  return { memory, take };
}
