import { instantiateKernels, type KernelExports } from "../../src/kernels/index.js";

/** A kernel instance on a small memory of its own, with bump allocation. */
export class Arena {
  readonly memory = new WebAssembly.Memory({ initial: 64, maximum: 65_536, shared: true });
  readonly kernels: KernelExports = instantiateKernels(this.memory);
  private next = 65_536;

  allocate(bytes: number): number {
    const at = this.next;
    this.next = Math.ceil((at + bytes) / 64) * 64;
    const missing = this.next - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / 65_536));
    return at;
  }
  doubles(values: ArrayLike<number>): number {
    const at = this.allocate(8 * values.length);
    new Float64Array(this.memory.buffer, at, values.length).set(values);
    return at;
  }
  ints(values: ArrayLike<number>): number {
    const at = this.allocate(4 * values.length);
    new Int32Array(this.memory.buffer, at, values.length).set(values);
    return at;
  }
  read(at: number, length: number): Float64Array {
    return new Float64Array(this.memory.buffer, at, length).slice();
  }
}

/** Repeatable numbers in [0, 1). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface SampleRows {
  readonly rows: Float64Array[];
  readonly dense: Float64Array;
  readonly csr: { readonly values: number[]; readonly indices: number[]; readonly offsets: number[] };
  readonly weights: Float64Array;
  readonly random: () => number;
}

/** Random rows, about half of their elements zero, in both forms; some weights are zero. */
export function sampleRows(n: number, d: number, seed = 1): SampleRows {
  const random = generator(seed);
  const rows = Array.from({ length: n }, () =>
    Float64Array.from({ length: d }, () => (random() < 0.5 ? 0 : 4 * random() - 2)),
  );
  const csr = { values: [] as number[], indices: [] as number[], offsets: [0] };
  for (const row of rows) {
    row.forEach((v, j) => {
      if (v === 0) return;
      csr.values.push(v);
      csr.indices.push(j);
    });
    csr.offsets.push(csr.values.length);
  }
  const dense = Float64Array.from(rows.flatMap((row) => Array.from(row)));
  const weights = Float64Array.from({ length: n }, () => (random() < 0.2 ? 0 : random()));
  return { rows, dense, csr, weights, random };
}
