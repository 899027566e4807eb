import { ExecutorLostException, FetchFailedException, SparkException } from "../../common/index.js";
import type { PassBlock, Passes, PassRequest } from "../pass.js";
import { sumOutputs } from "../sum-outputs.js";
import { lostBlock, type ProcessExecutor } from "./process-executor.js";

/** Executors of a local cluster, as passes need them. */
export interface PassExecutors {
  /** Those that are there now, by id. */
  present(): ReadonlyMap<string, ProcessExecutor>;
}

/** Times that lost blocks are computed again for one pass. */
const MAX_REFRESHES = 4;

/** What one executor does of a set: some of its units, in ascending order. */
interface Part {
  readonly executor: ProcessExecutor;
  readonly set: number;
  readonly units: readonly number[];
}

let nextSet = 0;

/**
 * Passes over blocks that lie in executor processes: each runs the units of its own blocks on its own pass threads, in place,
 * and sends their outputs. Blocks in files are dealt out evenly. An executor that dies in the middle of a pass takes its
 * blocks with it: `refresh` has them computed again elsewhere, then the pass starts anew.
 */
export class ClusterPasses<C> implements Passes {
  readonly input: Float64Array;
  readonly numUnits: number;
  private readonly outputs: Float64Array;
  private blocks: readonly PassBlock[];
  private parts: readonly Part[] | undefined;
  private closed = false;

  constructor(
    private readonly request: PassRequest<C>,
    private readonly executors: PassExecutors,
  ) {
    this.input = new Float64Array(request.inputLength);
    this.numUnits = request.units.length;
    this.outputs = new Float64Array(this.numUnits * request.outputLength);
    this.blocks = request.blocks;
  }

  output(unit: number): Float64Array {
    const { outputLength } = this.request;
    return this.outputs.subarray(unit * outputLength, (unit + 1) * outputLength);
  }

  async run(op = 0, signal?: AbortSignal): Promise<void> {
    const signals = [signal, this.request.signal].filter((s) => s !== undefined);
    for (const s of signals) s.throwIfAborted();
    if (this.closed) throw new SparkException("These passes were closed.");
    if (this.numUnits === 0) return;
    const abort = (): void => this.parts?.forEach(({ executor, set }) => executor.abortPass(set));
    for (const s of signals) s.addEventListener("abort", abort);
    try {
      for (let refreshes = 0; ; refreshes++) {
        try {
          this.parts ??= await this.open();
          await this.attempt(this.parts, op);
          return;
        } catch (error) {
          for (const s of signals) s.throwIfAborted();
          await this.recover(error as Error, refreshes);
        }
      }
    } finally {
      for (const s of signals) s.removeEventListener("abort", abort);
    }
  }

  sum(): Float64Array {
    return sumOutputs(this.numUnits, this.request.outputLength, (unit) => this.output(unit));
  }

  close(): void {
    this.closed = true;
    this.closeParts();
  }

  private async attempt(parts: readonly Part[], op: number): Promise<void> {
    const input = new Uint8Array(this.input.buffer);
    const { outputLength } = this.request;
    const done = await Promise.allSettled(
      parts.map(async ({ executor, set, units }) => {
        const bytes = await executor.runPass(set, op, input);
        const results = new Float64Array(bytes.slice().buffer);
        units.forEach((unit, i) => {
          this.output(unit).set(results.subarray(i * outputLength, (i + 1) * outputLength));
        });
      }),
    );
    // All have ended: nobody works on the set any more when the pass starts again.
    for (const outcome of done) if (outcome.status === "rejected") throw outcome.reason;
  }

  private async recover(error: Error, refreshes: number): Promise<void> {
    const { refresh } = this.request;
    const blocksLost = error instanceof FetchFailedException || error instanceof ExecutorLostException;
    if (!blocksLost || this.closed || refreshes >= MAX_REFRESHES) throw error;
    this.closeParts();
    if (refresh) this.blocks = await refresh();
    // Without it only blocks in files that survived can be read by others.
    else if (this.blocks.some((block) => "remote" in block)) throw error;
  }

  private async open(): Promise<readonly Part[]> {
    const present = this.executors.present();
    if (present.size === 0) throw new ExecutorLostException("No executor is left.", { condition: "EXECUTOR_LOST" });
    const load = new Map([...present.keys()].map((id) => [id, 0]));
    const { units } = this.request;
    const owner = this.blocks.map((block) => ("remote" in block ? block.remote.executor : undefined));
    units.forEach(({ block }) => {
      const id = owner[block];
      if (id !== undefined) load.set(id, (load.get(id) ?? 0) + 1);
    });
    const unitsOf = new Map<string, number[]>();
    units.forEach(({ block }, unit) => {
      let id = owner[block];
      if (id === undefined) {
        id = [...load].reduce((least, next) => (next[1] < least[1] ? next : least))[0];
        owner[block] = id;
        load.set(id, load.get(id)! + units.filter((other) => other.block === block).length);
      }
      const of = unitsOf.get(id);
      if (of) of.push(unit);
      else unitsOf.set(id, [unit]);
    });
    return Promise.all(
      [...unitsOf].map(async ([id, own]): Promise<Part> => {
        const executor = present.get(id);
        if (!executor) {
          for (const block of this.blocks) {
            if ("remote" in block && block.remote.executor === id) throw lostBlock(block);
          }
          throw new Error(`executor ${id} is not there`);
        }
        const set = nextSet++;
        await executor.openPasses(set, partOf(this.request, this.blocks, own));
        return { executor, set, units: own };
      }),
    );
  }

  private closeParts(): void {
    for (const { executor, set } of this.parts ?? []) executor.closePasses(set);
    this.parts = undefined;
  }
}

/** The request as one executor sees it: the blocks of its own units, of the others only what is known about them. */
function partOf<C>(request: PassRequest<C>, blocks: readonly PassBlock[], own: readonly number[]): unknown {
  const { kernel, config, units, inputLength, outputLength, scratchBytes } = request;
  const here = new Set(own.map((unit) => units[unit].block));
  const seen = blocks.map((block, i): PassBlock => (here.has(i) ? block : { absent: true, info: block.info }));
  return { kernel, config, blocks: seen, units, inputLength, outputLength, scratchBytes };
}
