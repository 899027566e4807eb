import type { Batch } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import type { EvalContext } from "../expressions/index.js";
import { cut } from "./blocks-scan.js";
import { Groups } from "./groups.js";
import type { AggregateCall } from "./hash-aggregate.js";
import { HashSpools, MAX_SPLITS, SUB_PARTITIONS } from "./hash-spools.js";
import { MemoryShare } from "./memory-share.js";

/**
 * Groups that outgrew the memory: states (and the rows of DISTINCT calls) in files by the hash of their keys. One part after
 * the other is merged in memory; a part that is still too large is split again by another hash.
 */
export class SpilledGroups {
  private readonly keys: readonly number[];
  private readonly states: HashSpools;
  private readonly distinct: readonly (HashSpools | undefined)[];

  constructor(
    private readonly numKeys: number,
    private readonly calls: readonly AggregateCall[],
    private readonly evaluation: EvalContext,
    private readonly context: Pick<TaskContext, "memory" | "blocks" | "checkCancelled">,
    private readonly level: number,
    private readonly leastMemory: number | undefined,
  ) {
    this.keys = Array.from({ length: numKeys }, (_, i) => i);
    this.states = new HashSpools(this.keys, level, context);
    this.distinct = calls.map((call) => (call.distinct ? new HashSpools(this.keys, level, context) : undefined));
  }

  add(groups: Groups): void {
    if (groups.count === 0) return;
    for (const batch of cut(groups.states())) this.states.add(batch);
    this.distinct.forEach((spools, call) => {
      const rows = spools && groups.distinct(call);
      if (rows) for (const batch of cut(rows)) spools.add(batch);
    });
  }

  *results(): Generator<Batch> {
    for (let p = 0; p < SUB_PARTITIONS; p++) {
      yield* this.part(p);
      this.states.spools[p].discard();
      for (const spools of this.distinct) spools?.spools[p].discard();
    }
  }

  private *part(p: number): Generator<Batch> {
    const { numKeys, calls, evaluation, context, level, leastMemory } = this;
    const share = new MemoryShare(context.memory, leastMemory);
    let groups = new Groups(this.keys, calls, evaluation);
    let deeper: SpilledGroups | undefined;
    const spillIfFull = (): void => {
      context.checkCancelled();
      // Few groups cannot be told apart by a hash: what they hold has to fit.
      if (share.resize(groups.bytes) || level >= MAX_SPLITS || groups.count < SUB_PARTITIONS) return;
      deeper ??= new SpilledGroups(numKeys, calls, evaluation, context, level + 1, leastMemory);
      deeper.add(groups);
      groups = new Groups(this.keys, calls, evaluation);
      share.free();
    };
    for (const batch of this.states.spools[p].read()) {
      groups.addStates(batch);
      spillIfFull();
    }
    for (const [call, spools] of this.distinct.entries()) {
      if (!spools) continue;
      for (const batch of spools.spools[p].read()) {
        groups.addDistinct(call, batch);
        spillIfFull();
      }
    }
    if (deeper) {
      deeper.add(groups);
      share.free();
      yield* deeper.results();
    } else if (groups.count > 0) yield* cut(groups.finish(false));
    share.free();
  }
}
