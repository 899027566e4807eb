import type { Batch } from "../../columnar/index.js";
import { cut } from "./blocks-scan.js";
import { evalContext } from "./evaluate.js";
import { defineOperator, type Fragment } from "./fragment.js";
import { Groups } from "./groups.js";
import { MemoryShare } from "./memory-share.js";
import { SpilledGroups } from "./spilled-groups.js";

/** One aggregate call: which input columns are its arguments, or its states when partial results are merged. */
export interface AggregateCall {
  /** Encoded resolved call. */
  readonly call: unknown;
  readonly inputs: readonly number[];
  readonly distinct: boolean;
}

/**
 * Groups rows by key columns. `partial` gives keys and states, `final` merges those, `complete` does both at once.
 * Without keys there is one group, even of no rows.
 */
export interface HashAggregateFragment extends Fragment {
  readonly op: "hashAggregate";
  readonly input: Fragment;
  readonly mode: "partial" | "final" | "complete";
  readonly keys: readonly number[];
  readonly calls: readonly AggregateCall[];
  readonly partition: number;
  /** Bytes that are used without asking for them. */
  readonly leastMemory?: number;
}

/** Groups above which a partial aggregation that hardly reduces its input gives its results away and starts afresh. */
const FLUSH_GROUPS = 65_536;

defineOperator<HashAggregateFragment>({
  op: "hashAggregate",
  async *open(fragment, context) {
    const { input, mode, keys, calls, partition, leastMemory } = fragment;
    const evaluation = evalContext(context.settings, partition);
    const share = new MemoryShare(context.memory, leastMemory);
    const canFlush = mode === "partial" && !calls.some((call) => call.distinct);
    const start = (): Groups => new Groups(keys, calls, evaluation);
    let groups = start();
    let spilled: SpilledGroups | undefined;
    for await (const batch of context.open(input)) {
      context.checkCancelled();
      if (batch.numRows === 0) continue;
      groups.add(batch, mode === "final");
      // Small tables stay in the processor's caches; what is equal in two of them is merged behind the shuffle.
      const reducesLittle = groups.count > FLUSH_GROUPS && groups.count > groups.rows / 2;
      const fits = keys.length === 0 || share.resize(groups.bytes);
      if (fits && !(canFlush && reducesLittle)) continue;
      if (canFlush) yield* cut(groups.finish(true));
      else (spilled ??= new SpilledGroups(keys.length, calls, evaluation, context, 0, leastMemory)).add(groups);
      groups = start();
      share.free();
    }
    if (spilled) {
      spilled.add(groups);
      share.free();
      yield* spilled.results();
    } else if (groups.count > 0 || keys.length === 0) yield* finished(groups, mode);
    share.free();
  },
});

const finished = (groups: Groups, mode: HashAggregateFragment["mode"]): Generator<Batch> =>
  cut(groups.finish(mode === "partial"));
