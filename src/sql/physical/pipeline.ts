import { workerHeap } from "../../exec/index.js";
import { openPipeline, type Expression, type PipelineStage } from "../expressions/index.js";
import { booleanType } from "../types/index.js";
import { decode, evalContext, type EncodedExpression } from "./evaluate.js";
import { defineOperator, type Fragment } from "./fragment.js";

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
    const evaluation = evalContext(context.settings, partition);
    const heap = context.settings.codegen ? workerHeap() : undefined;
    const region = heap?.region();
    // Buffers of one batch, needed whatever is granted: they are accounted where there is room.
    let accounted = 0;
    const allocate = (bytes: number): number => {
      if (context.memory.acquire(bytes)) accounted += bytes;
      return region!.allocate(bytes);
    };
    const memory = heap && { memory: heap.memory, allocate };
    try {
      const stages = pipelineStages(steps).map((stage) => openPipeline(stage, evaluation, memory));
      for await (let batch of context.open(input)) {
        context.checkCancelled();
        for (const run of stages) if (batch.numRows > 0) batch = run(batch);
        if (batch.numRows > 0) yield batch;
      }
    } finally {
      region?.free();
      context.memory.release(accounted);
    }
  },
});

/** Conditions and the projection behind them: what one generated function can do in one pass over a batch. */
export function pipelineStages(steps: readonly PipelineStep[]): PipelineStage[] {
  const stages: PipelineStage[] = [];
  let filter: Expression | undefined;
  for (const step of steps) {
    if ("condition" in step) filter = filter ? bothOf(filter, decode(step.condition)) : decode(step.condition);
    else {
      stages.push({ ...(filter ? { filter } : {}), project: step.expressions.map(decode) });
      filter = undefined;
    }
  }
  if (filter) stages.push({ filter });
  return stages;
}

const bothOf = (a: Expression, b: Expression): Expression => ({
  kind: "call",
  name: "and",
  args: [a, b],
  type: booleanType,
  nullable: true,
});
