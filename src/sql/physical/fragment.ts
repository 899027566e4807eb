import type { Batch } from "../../columnar/index.js";
import { definePartitionFunction, defineTask, partitionFunction, type TaskContext } from "../../exec/index.js";

/**
 * What a task computes: a tree of operators as plain data. The driver builds one tree for each partition, a worker opens it
 * as a stream of batches and gives that to a partition function (collect, count, shuffle write, a trainer's statistics...).
 */
export interface Fragment {
  readonly op: string;
}

/** A worker's view of a running fragment. */
export interface OperatorContext extends TaskContext {
  readonly settings: ExecutionSettings;
  /** Batches of an operator's input. */
  open(fragment: Fragment): AsyncIterable<Batch>;
}

/** Session settings that change results. */
export interface ExecutionSettings {
  readonly timeZone: string;
  readonly ansi: boolean;
  readonly codegen: boolean;
  /** Microseconds since the epoch when the action started. */
  readonly now: bigint;
}

/** A physical operator's worker half: registered by name at module load, opened once a task. */
export interface Operator<F extends Fragment> {
  readonly op: F["op"];
  open(fragment: F, context: OperatorContext): AsyncIterable<Batch>;
}

const operators = new Map<string, Operator<never>>();

/** Registers an operator under its name and returns it. */
export function defineOperator<F extends Fragment>(operator: Operator<F>): Operator<F> {
  operators.set(operator.op, operator as unknown as Operator<never>);
  return operator;
}

/** Batches of a fragment. */
export function openFragment(fragment: Fragment, settings: ExecutionSettings, task: TaskContext): AsyncIterable<Batch> {
  const context: OperatorContext = {
    ...task,
    settings,
    open(input) {
      const operator = operators.get(input.op);
      if (!operator) throw new Error(`no operator "${input.op}" is registered in this worker`);
      return operator.open(input as never, context);
    },
  };
  return context.open(fragment);
}

export interface FragmentTask {
  readonly fragment: Fragment;
  readonly settings: ExecutionSettings;
  /** Partition function that consumes the batches, and its payload. */
  readonly sink: string;
  readonly payload: unknown;
}

/** The one task of the relational engine. */
export const fragmentTask = defineTask<FragmentTask, unknown>({
  name: "sql.fragment",
  run: ({ fragment, settings, sink, payload }, context) =>
    partitionFunction(sink).run(payload, openFragment(fragment, settings, context), context),
});

/** Counts rows. */
export const countRows = definePartitionFunction<undefined, number>({
  name: "sql.count",
  async run(_, batches, context) {
    let rows = 0;
    for await (const batch of batches) {
      context.checkCancelled();
      rows += batch.numRows;
    }
    return rows;
  },
});
