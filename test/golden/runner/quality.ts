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

/** A fitted model and what it made of the data. */
export interface Answer {
  readonly model: StageLike;
  readonly output: DataFrameLike;
}

/**
 * Seeded answers from other random numbers (another generator, other partitions): the metrics lie in Spark's range,
 * widened by half its width and 2 %. Five seeds do not span all that chance can do, so a metric outside may come in with
 * one of the seeds 1 to 5.
 */
export async function compareQuality(
  k: Kindling,
  comparison: Comparison,
  spec: GoldenCase,
  { model, output }: Answer,
  withSeed: (seed: number) => Promise<Answer>,
): Promise<void> {
  const range = spec.expect.range as JsonObject;
  let outside = beyond(range, await measure(k, spec, model, output, range));
  for (let seed = 1; seed <= 5 && outside.size > 0; seed++) {
    const answer = await withSeed(seed);
    const again = beyond(range, await measure(k, spec, answer.model, answer.output, range));
    outside = new Map([...outside].filter(([name]) => again.has(name)));
  }
  for (const [name, value] of outside) comparison.fail(`range.${name}`, range[name], value);
  checkRecorded(comparison, spec);
  const transform = spec.expect.transform as unknown as TableExpectation | undefined;
  if (!transform) return;
  const table = await collectTable(k, output, transform.columns);
  comparison.value("transform.types", transform.types as Json, table.types);
  comparison.value("transform.numRows", transform.numRows, table.rows.length);
}

/** Metrics outside their range. */
function beyond(range: JsonObject, actual: JsonObject): Map<string, Json> {
  const outside = Object.entries(range).filter(([name, span]) => {
    const { min, max } = span as { min: number; max: number };
    const room = (max - min) / 2 + 0.02 * Math.max(Math.abs(min), Math.abs(max));
    const value = actual[name] as number;
    return !(value >= min - room && value <= max + room);
  });
  return new Map(outside.map(([name]) => [name, actual[name]]));
}
