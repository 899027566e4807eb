import { openExpression, openFilter, type EncodedExpression } from "./evaluate.js";
import { defineOperator, type Fragment } from "./fragment.js";
import { gatherBatch } from "./sample.js";

/** One step over a batch: keep the rows of a condition, or replace the columns. */
export type PipelineStep =
  { readonly condition: EncodedExpression } | { readonly expressions: readonly EncodedExpression[] };

/** Adjacent filters and projections, run batch by batch without anything in between. */
export interface PipelineFragment extends Fragment {
  readonly op: "pipeline";
  readonly input: Fragment;
  readonly steps: readonly PipelineStep[];
  /** Partition that `rand`, `monotonically_increasing_id` and the like see. */
  readonly partition: number;
}

/** Adds a step, joining it to a pipeline that the input already is. */
export function pipelineFragment(input: Fragment, step: PipelineStep, partition: number): Fragment {
  const below = input.op === "pipeline" ? (input as PipelineFragment) : undefined;
  const joined: PipelineFragment =
    below && below.partition === partition
      ? { ...below, steps: [...below.steps, step] }
      : { op: "pipeline", input, steps: [step], partition };
  return joined;
}

defineOperator<PipelineFragment>({
  op: "pipeline",
  async *open({ input, steps, partition }, context) {
    const opened = steps.map((step) => {
      if ("condition" in step) {
        const select = openFilter(step.condition, context.settings, partition);
        return { select, project: undefined };
      }
      return {
        select: undefined,
        project: step.expressions.map((e) => openExpression(e, context.settings, partition)),
      };
    });
    batches: for await (let batch of context.open(input)) {
      context.checkCancelled();
      for (const { select, project } of opened) {
        if (select) {
          const rows = select(batch);
          if (rows.length === 0) continue batches;
          if (rows.length < batch.numRows) batch = gatherBatch(batch, rows);
        } else {
          const current = batch;
          batch = { numRows: current.numRows, columns: project.map((evaluate) => evaluate(current)) };
        }
      }
      yield batch;
    }
  },
});
