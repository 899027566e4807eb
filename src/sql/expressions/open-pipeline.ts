import { type Batch, type Column, gather } from "../../columnar/index.js";
import { canCompile, compilePipeline, type CompiledPipeline } from "./compile-pipeline.js";
import type { EvalContext } from "./eval-context.js";
import { openExpression, openFilter } from "./evaluate.js";
import type { Expression } from "./expression.js";
import { someExpression } from "./expression-tree.js";
import { type PipelineMemory, PipelineRun } from "./run-pipeline.js";

/** A filter and the columns that follow it; both over the same input. Without `project` the input's columns stay. */
export interface PipelineStage {
  readonly filter?: Expression;
  readonly project?: readonly Expression[];
}

type Run = (batch: Batch) => Batch;

/**
 * A stage that is ready to run batches: what has code runs as one WebAssembly function on the heap, columns that pass
 * through are taken over or gathered, the rest is evaluated row by row on the rows that are left.
 */
export function openPipeline(stage: PipelineStage, context: EvalContext, heap?: PipelineMemory): Run {
  const interpreted = interpret(stage, context);
  if (!heap) return interpreted;
  const plan = cachedPlan(stage);
  if (!plan) return interpreted;
  const run = new PipelineRun(plan.compiled, heap);
  const select = plan.filterCompiled || !stage.filter ? undefined : openFilter(stage.filter, context);
  const others = plan.others.map(({ expression, at }) => ({ at, evaluate: openExpression(expression, context) }));
  // A batch that overflows is evaluated again for its error; stateful expressions must not be drawn twice for one batch.
  const careful = interpreted;
  return (input) => {
    let batch = input;
    if (select) {
      const rows = select(batch);
      if (rows.length < batch.numRows) batch = gatherBatch(batch, rows);
    }
    const result = run.next(batch);
    if (!result) return careful(input);
    const { selection } = result;
    const all = selection.length === batch.numRows;
    const kept = all ? batch : undefined;
    if (!stage.project) return kept ?? gatherBatch(batch, selection);
    const columns = new Array<Column>(stage.project.length);
    plan.computed.forEach((at, k) => (columns[at] = result.columns[k]));
    for (const { at, ordinal } of plan.passed) {
      columns[at] = kept ? kept.columns[ordinal] : gather(batch.columns[ordinal], selection);
    }
    if (others.length > 0) {
      const rest = kept ?? gatherBatch(batch, selection);
      for (const { at, evaluate } of others) columns[at] = evaluate(rest);
    }
    return { numRows: selection.length, columns };
  };
}

/** The same stage without generated code. */
function interpret({ filter, project }: PipelineStage, context: EvalContext): Run {
  const select = filter && openFilter(filter, context);
  const evaluate = project?.map((e) => openExpression(e, context));
  return (input) => {
    let batch = input;
    if (select) {
      const rows = select(batch);
      if (rows.length < batch.numRows) batch = gatherBatch(batch, rows);
    }
    const current = batch;
    return evaluate ? { numRows: current.numRows, columns: evaluate.map((column) => column(current)) } : current;
  };
}

const gatherBatch = (batch: Batch, rows: Int32Array): Batch => ({
  numRows: rows.length,
  columns: batch.columns.map((column) => gather(column, rows)),
});

interface StagePlan {
  readonly compiled: CompiledPipeline;
  readonly filterCompiled: boolean;
  /** Positions of the projections that are computed by code, that pass a column through, and the others. */
  readonly computed: readonly number[];
  readonly passed: readonly { readonly at: number; readonly ordinal: number }[];
  readonly others: readonly { readonly at: number; readonly expression: Expression }[];
}

/** Undefined when nothing of the stage has code. */
function planOf({ filter, project = [] }: PipelineStage): StagePlan | undefined {
  const computed: number[] = [];
  const passed: { at: number; ordinal: number }[] = [];
  const others: { at: number; expression: Expression }[] = [];
  project.forEach((e, at) => {
    const inner = e.kind === "alias" ? e.child : e;
    if (inner.kind === "bound") passed.push({ at, ordinal: inner.ordinal });
    else if (canCompile(inner)) computed.push(at);
    else others.push({ at, expression: inner });
  });
  const filterCompiled = filter !== undefined && canCompile(filter);
  if (!filterCompiled && computed.length === 0) return undefined;
  const compiled = compilePipeline({
    ...(filterCompiled ? { filter } : {}),
    project: computed.map((at) => project[at]),
  });
  return { compiled, filterCompiled, computed, passed, others };
}

const plans = new Map<string, StagePlan | undefined>();
const MAX_PLANS = 200;

/** Every task of a stage opens the same pipeline: its module is compiled once a thread. */
function cachedPlan(stage: PipelineStage): StagePlan | undefined {
  const all = [...(stage.filter ? [stage.filter] : []), ...(stage.project ?? [])];
  if (all.some((e) => someExpression(e, ({ kind }) => kind === "udf"))) return planOf(stage);
  const key = JSON.stringify(stage, (_, value: unknown) => {
    if (typeof value === "bigint") return `${value}n`;
    return typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
      ? `${1 / value}/${value}`
      : value;
  });
  if (!plans.has(key)) {
    if (plans.size >= MAX_PLANS) plans.clear();
    plans.set(key, planOf(stage));
  }
  return plans.get(key);
}

/** Text form of the code that the stage runs as; undefined when it has none. */
export const pipelineText = (stage: PipelineStage): string | undefined => planOf(stage)?.compiled.built.text;
