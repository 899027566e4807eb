import { valueAt } from "../../columnar/index.js";
import { gatherFrom } from "../../exec/shared-variables/index.js";
import { evalContext } from "./evaluate.js";
import { defineOperator, type Fragment } from "./fragment.js";
import { Groups } from "./groups.js";
import type { AggregateCall } from "./hash-aggregate.js";

/** Aggregates rows while they pass; the states go to the driver when the task succeeds. */
export interface ObserveFragment extends Fragment {
  readonly op: "observe";
  readonly input: Fragment;
  readonly calls: readonly AggregateCall[];
  /** Number of the accumulator that takes the states. */
  readonly accumulator: number;
  readonly partition: number;
  /** Columns that pass on: the arguments of the calls may lie behind them. */
  readonly width: number;
}

/** States of all calls of one task, as plain values. */
export interface ObservedStates {
  readonly tasks: readonly (readonly unknown[])[];
}

defineOperator<ObserveFragment>({
  op: "observe",
  async *open({ input, calls, accumulator, partition, width }, context) {
    const groups = new Groups([], calls, evalContext(context.settings, partition));
    gatherFrom({
      id: accumulator,
      take: (): ObservedStates => ({ tasks: [groups.finish(true).columns.map((state) => valueAt(state, 0))] }),
    });
    for await (const batch of context.open(input)) {
      context.checkCancelled();
      if (batch.numRows > 0) groups.add(batch, false);
      yield batch.columns.length === width ? batch : { numRows: batch.numRows, columns: batch.columns.slice(0, width) };
    }
  },
});
