import { IllegalArgumentException, XORShiftRandom } from "../../common/index.js";
import type { Passes, PassRequest } from "../../exec/index.js";
import { allocateBlock } from "../../memory/index.js";
import { alsIndexPass, type IndexedBlock, type RatingsPart } from "./als-index-pass.js";
import { type AlsBlock, AlsOp, alsPass, type AlsPassConfig, alsScratchBytes, type AlsSide } from "./als-pass.js";
import { allocateFactors, type FactorTable } from "./factor-table.js";

export interface AlsSettings {
  readonly rank: number;
  readonly maxIter: number;
  readonly regParam: number;
  readonly implicitPrefs: boolean;
  readonly alpha: number;
  readonly nonnegative: boolean;
  readonly seed: number | bigint;
  readonly numUserBlocks: number;
  readonly numItemBlocks: number;
}

export interface AlsRuntime {
  readonly open: <C>(request: PassRequest<C>) => Passes;
  /** About how many pieces the rows are worked on in; at least 2. */
  readonly pieces: number;
  readonly signal?: AbortSignal | undefined;
  onIteration(iteration: number): void;
}

export interface AlsFactors {
  readonly users: FactorTable;
  readonly items: FactorTable;
}

/** Matrix factorisation by alternating least squares: Zhou et al. 2008 (explicit), Hu et al. 2008 (implicit). */
export async function trainAls(
  parts: readonly RatingsPart[],
  settings: AlsSettings,
  runtime: AlsRuntime,
): Promise<AlsFactors> {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  if (count === 0) throw new IllegalArgumentException("requirement failed: No ratings available");
  const indexed = await numberIds(parts, count, runtime);
  const { rank } = settings;
  const users = allocateFactors(indexed.numUsers, rank);
  const items = allocateFactors(indexed.numItems, rank);
  const idsAt = (at: number, length: number): Int32Array => new Int32Array(indexed.memory.buffer, at, length);
  users.ids.set(idsAt(indexed.info.userIds, indexed.numUsers));
  items.ids.set(idsAt(indexed.info.itemIds, indexed.numItems));

  const stride = rank + (rank & 1);
  const block = ratingsBlock(count, indexed.numUsers, indexed.numItems, stride);
  const seeds = new XORShiftRandom(settings.seed);
  const config: AlsPassConfig = {
    ...settings,
    parts,
    stride,
    userSeed: seeds.nextLong(),
    itemSeed: seeds.nextLong(),
    userFactors: users.values.buffer as SharedArrayBuffer,
    itemFactors: items.values.buffer as SharedArrayBuffer,
  };
  const passes = runtime.open({
    kernel: alsPass.name,
    config,
    blocks: [block, { memory: indexed.memory, info: indexed.info }],
    units: Array.from({ length: runtime.pieces }, (_, unit) => ({ block: 0, start: unit, end: unit + 1 })),
    inputLength: stride * stride,
    outputLength: stride * stride,
    scratchBytes: alsScratchBytes(stride),
  });
  try {
    await iterate(passes, settings, runtime);
  } finally {
    passes.close();
  }
  return { users, items };
}

async function iterate(passes: Passes, settings: AlsSettings, runtime: AlsRuntime): Promise<void> {
  const run = (op: number): Promise<void> => passes.run(op, runtime.signal);
  const half = async (gram: number, solve: number): Promise<void> => {
    if (settings.implicitPrefs) {
      await run(gram);
      passes.input.set(passes.sum());
    }
    await run(solve);
  };
  await run(AlsOp.Group);
  await run(AlsOp.Initialize);
  for (let iteration = 1; iteration <= settings.maxIter; iteration++) {
    await half(AlsOp.GramUsers, AlsOp.SolveItems);
    await half(AlsOp.GramItems, AlsOp.SolveUsers);
    runtime.onIteration(iteration);
  }
  await run(AlsOp.Export);
}

interface Indexed {
  readonly memory: WebAssembly.Memory;
  readonly info: IndexedBlock;
  readonly numUsers: number;
  readonly numItems: number;
}

async function numberIds(parts: readonly RatingsPart[], count: number, runtime: AlsRuntime): Promise<Indexed> {
  const { block, positions } = allocateBlock({
    kernels: true,
    directory: () => ({ kind: "als.index" }),
    buffers: [4 * count, 4 * count, 4 * count, 4 * count],
  });
  const memory = block.memory as WebAssembly.Memory;
  const [user, userIds, item, itemIds] = positions;
  const info: IndexedBlock = { count, user, userIds, item, itemIds };
  const passes = runtime.open({
    kernel: alsIndexPass.name,
    config: parts,
    blocks: [{ memory, info }],
    units: [0, 1].map((unit) => ({ block: 0, start: unit, end: unit + 1 })),
    inputLength: 0,
    outputLength: 1,
    scratchBytes: 0,
  });
  try {
    await passes.run(0, runtime.signal);
    return { memory, info, numUsers: passes.output(0)[0], numItems: passes.output(1)[0] };
  } finally {
    passes.close();
  }
}

function ratingsBlock(count: number, numUsers: number, numItems: number, stride: number) {
  const sizes = [numUsers, numItems].flatMap((size) => [4 * (size + 1), 4 * count, 4 * count, 4 * size * stride]);
  const { block, positions } = allocateBlock({ kernels: true, directory: () => ({ kind: "als" }), buffers: sizes });
  const side = (size: number, first: number): AlsSide => {
    const [offsets, columns, ratings, factors] = positions.slice(first, first + 4);
    return { size, offsets, columns, ratings, factors };
  };
  const info: AlsBlock = { count, users: side(numUsers, 0), items: side(numItems, 4) };
  return { memory: block.memory as WebAssembly.Memory, info };
}
