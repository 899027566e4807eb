import type { Layout } from "../../columnar/index.js";
import { type BuiltPipeline, buildPipeline, type EmitValue, mathFunctions, wasmTypeOf } from "../codegen/index.js";
import { emitExpression } from "./emit-expression.js";
import type { BoundExpression, Expression } from "./expression.js";
import { operandsOf } from "./expression-tree.js";
import { isNullable, typeOf } from "./expression-type.js";
import { layoutOf } from "../types/index.js";

/** Expressions are resolved and bound; at least a filter or a projection. */
export interface PipelineSpec {
  readonly filter?: Expression;
  readonly project: readonly Expression[];
}

/** Whole-stage code of a pipeline: ready to be instantiated on a memory. */
export interface CompiledPipeline {
  readonly built: BuiltPipeline;
  readonly module: WebAssembly.Module;
  /** Columns of the batch that the code reads. */
  readonly inputs: readonly { readonly ordinal: number; readonly layout: Layout }[];
}

/** Whether generated code can compute the expression. */
export function canCompile(e: Expression): boolean {
  const bounds = boundColumns(e);
  if (!bounds.every(({ type }) => hasValues(layoutOf(type))) || !hasValues(layoutOf(typeOf(e)))) return false;
  try {
    build({ project: [e] });
    return true;
  } catch (error) {
    if (error instanceof NoCode) return false;
    throw error;
  }
}

const hasValues = (layout: Layout): boolean => layout === "utf8" || wasmTypeOf(layout) !== undefined;

/** Thrown inside the builder where an expression turns out to have no code. */
class NoCode extends Error {}

/** Compiles a filter and projections into one WebAssembly module; every expression must pass {@link canCompile}. */
export function compilePipeline(spec: PipelineSpec): CompiledPipeline {
  const { built, inputs } = build(spec);
  return { built, inputs, module: new WebAssembly.Module(built.bytes as Uint8Array<ArrayBuffer>) };
}

/** Instance of a compiled pipeline on a memory: `(argument, numRows) => rows kept, or -1`. */
export function instantiatePipeline(
  { built, module }: CompiledPipeline,
  memory: WebAssembly.Memory,
): (argument: number, numRows: number) => number {
  const math = Object.fromEntries(
    built.mathNames.map((name) => [name, mathFunctions[name as keyof typeof mathFunctions]]),
  );
  const instance = new WebAssembly.Instance(module, { env: { memory, ...math } });
  return instance.exports.pipeline as (argument: number, numRows: number) => number;
}

function build({ filter, project }: PipelineSpec): {
  built: BuiltPipeline;
  inputs: { ordinal: number; layout: Layout }[];
} {
  const bounds = new Map<number, BoundExpression>();
  for (const e of filter ? [filter, ...project] : project) {
    for (const bound of boundColumns(e)) {
      const known = bounds.get(bound.ordinal);
      if (!known || (bound.nullable && !known.nullable)) bounds.set(bound.ordinal, bound);
    }
  }
  const inputs = [...bounds.values()]
    .sort((a, b) => a.ordinal - b.ordinal)
    .map(({ ordinal, type, nullable }) => ({ ordinal, layout: layoutOf(type), nullable }));
  const part = (e: Expression): { emit: EmitValue; ordinals: number[] } => ({
    ordinals: boundColumns(e).map(({ ordinal }) => ordinal),
    emit(emitter, column, text) {
      const value = emitExpression(e, { emitter, column, text });
      if (!value) throw new NoCode();
      return isNullable(e) || value.valid === null ? value : { ...value, valid: null };
    },
  });
  return { built: buildPipeline({ inputs, filter: filter && part(filter), project: project.map(part) }), inputs };
}

function boundColumns(e: Expression): BoundExpression[] {
  return e.kind === "bound" ? [e] : operandsOf(e).flatMap(boundColumns);
}
