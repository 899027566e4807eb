import { isObject, type GoldenCase, type Json, type JsonObject, type TableExpectation } from "./case.js";
import type { Comparison } from "./compare.js";
import { readAttribute } from "./attributes.js";
import { buildStage } from "./stage.js";
import { collectTable } from "./table.js";
import type { DataFrameLike, Kindling, StageLike } from "./api.js";

/** The case's metrics on the transformed data. */
export async function evaluateAll(k: Kindling, spec: GoldenCase, df: DataFrameLike): Promise<JsonObject> {
  const values: Record<string, Json> = {};
  for (const [name, evaluator] of Object.entries(spec.evaluators ?? {})) {
    values[name] = (await buildStage(k, evaluator).evaluate(df)) as number;
  }
  return values;
}

/** Metrics named in `wanted`: those with an evaluator from it, the others from the training summary or the model. */
async function measure(
  k: Kindling,
  spec: GoldenCase,
  model: StageLike,
  output: DataFrameLike,
  wanted: JsonObject,
): Promise<JsonObject> {
  const values: Record<string, Json> = {};
  for (const name of Object.keys(wanted)) {
    const evaluator = spec.evaluators?.[name];
    if (evaluator) values[name] = (await buildStage(k, evaluator).evaluate(output)) as number;
    else values[name] = (await readAttribute(name in model ? model : await model.summary, name)) as number;
  }
  return values;
}

/** The recorded range must be what the recorded seeds span. */
function checkRecorded(comparison: Comparison, spec: GoldenCase): void {
  const { range, bySeed } = spec.expect;
  if (!isObject(range) || !isObject(bySeed)) return;
  for (const [name, span] of Object.entries(range)) {
    const values = Object.values(bySeed).map((metrics) => (metrics as JsonObject)[name] as number);
    comparison.value(`range.${name}`, span, { min: Math.min(...values), max: Math.max(...values) });
  }
}

export const withinRange = { measure, checkRecorded };

/** Seeded answers of another generator: the metrics lie in Spark's range, widened by half its width and 2 %. */
export async function compareQuality(
  k: Kindling,
  comparison: Comparison,
  spec: GoldenCase,
  model: StageLike,
  output: DataFrameLike,
): Promise<void> {
  const range = spec.expect.range as JsonObject;
  const actual = await measure(k, spec, model, output, range);
  for (const [name, span] of Object.entries(range)) {
    const { min, max } = span as { min: number; max: number };
    const room = (max - min) / 2 + 0.02 * Math.max(Math.abs(min), Math.abs(max));
    const value = actual[name] as number;
    comparison.check(value >= min - room && value <= max + room, `range.${name}`, span, value);
  }
  checkRecorded(comparison, spec);
  const transform = spec.expect.transform as unknown as TableExpectation | undefined;
  if (!transform) return;
  const table = await collectTable(k, output, transform.columns);
  comparison.value("transform.types", transform.types as Json, table.types);
  comparison.value("transform.numRows", transform.numRows, table.rows.length);
}
