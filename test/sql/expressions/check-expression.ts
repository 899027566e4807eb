import { columnBuilder, isNull, valueAt, type Batch } from "../../../src/columnar/index.js";
import { SparkException } from "../../../src/common/index.js";
import { allocateHeap } from "../../../src/memory/execution-heap.js";
import { ExecutionHeap } from "../../../src/memory/index.js";
import {
  canCompile,
  defaultContext,
  evalConstant,
  evalExpression,
  isFoldable,
  isNullable,
  literalOf,
  openPipeline,
  resolveTypes,
  transformUp,
  typeOf,
  type Expression,
} from "../../../src/sql/expressions/index.js";
import { layoutOf, NullType, type DataType } from "../../../src/sql/types/index.js";

/** A value with its type and nullability, or the condition of an error. */
export type Outcome =
  { readonly type: DataType; readonly nullable: boolean; readonly value: unknown } | { readonly error: string };

/** Condition of an error of ours; "java" where Spark lets an exception without one out. */
export const conditionOf = (error: unknown): string => {
  if (error instanceof SparkException) return error.condition ?? "java";
  throw error;
};

function attempt(run: () => Outcome): Outcome {
  try {
    return run();
  } catch (error) {
    return { error: conditionOf(error) };
  }
}

const heap = new ExecutionHeap(allocateHeap(32 << 20));

/** Runs a resolved expression over a batch, with generated code where there is some. */
export function runGenerated(e: Expression, batch: Batch): unknown[] {
  const region = heap.region();
  try {
    const run = openPipeline({ project: [e] }, defaultContext, {
      memory: heap.memory,
      allocate: (bytes) => region.allocate(bytes),
    });
    const { columns, numRows } = run(batch);
    return Array.from({ length: numRows }, (_, i) => valueAt(columns[0], i));
  } finally {
    region.free();
  }
}

/**
 * Evaluates an expression without columns in four ways: interpreted, folded to a constant, and with its literals turned into
 * columns of a batch with nulls, there both interpreted and generated. Returns the outcome; throws where two ways disagree.
 */
export function checkExpression(unresolved: Expression): Outcome & { readonly generated: boolean } {
  const outcome = attempt(() => {
    const e = resolveTypes(unresolved);
    const [value] = valuesOf(e, { numRows: 1, columns: [] });
    if (isFoldable(e)) agree("folded", evalConstant(literalOf(evalConstant(e), typeOf(e))), value);
    return { type: typeOf(e), nullable: isNullable(e), value };
  });
  return { ...outcome, generated: checkOverBatch(unresolved) };
}

function valuesOf(e: Expression, batch: Batch): unknown[] {
  const column = evalExpression(e, batch);
  if (!isNullable(e)) {
    for (let i = 0; i < column.length; i++) if (isNull(column, i)) throw new Error(`null in a column that has none`);
  }
  return Array.from({ length: column.length }, (_, i) => valueAt(column, i));
}

/** Rows of the batch: which literals are null, as bits. */
const NULL_PATTERNS = [0, 1, 2, 0, 3, 4, 0, 7, 0];

/** Whether the expression over columns has code; throws where the code and the interpreter differ. */
function checkOverBatch(unresolved: Expression): boolean {
  const literals: { readonly value: unknown; readonly type: DataType }[] = [];
  const lifted = transformUp(unresolved, (e) => {
    if (e.kind !== "literal" || e.value === null || e.type instanceof NullType) return e;
    return { kind: "bound", ordinal: literals.push(e) - 1, type: e.type, nullable: true };
  });
  let e: Expression;
  try {
    e = resolveTypes(lifted);
  } catch {
    // Some arguments must be constants.
    return false;
  }
  const columns = literals.map(({ value, type }, k) => {
    const builder = columnBuilder(layoutOf(type), NULL_PATTERNS.length);
    for (const pattern of NULL_PATTERNS) builder.append((pattern >> k) & 1 ? null : value);
    return builder.finish();
  });
  const batch = { numRows: NULL_PATTERNS.length, columns };
  const collected = (run: () => unknown[]): unknown => {
    try {
      return run();
    } catch (error) {
      return error instanceof SparkException ? error.condition : (error as Error).message;
    }
  };
  const interpreted = collected(() => valuesOf(e, batch));
  const generated = collected(() => runGenerated(e, batch));
  agree("generated", generated, interpreted);
  return typeof interpreted !== "string" && canCompile(e);
}

function agree(way: string, actual: unknown, expected: unknown): void {
  if (!sameValue(actual, expected)) throw new Error(`${way}: ${text(actual)} instead of ${text(expected)}`);
}
const text = (value: unknown): string => JSON.stringify(value, (_, v) => (typeof v === "bigint" ? `${v}n` : v));

/** Exact equality of internal values, NaN equal to itself, either zero to the other. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => sameValue(x, b[i]));
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b || Object.is(a, b);
}
