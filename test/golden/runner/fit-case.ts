import { isObject, Skipped, type GoldenCase, type JsonObject, type TableExpectation } from "./case.js";
import { Comparison, Tolerance } from "./compare.js";
import { compareAttributes, compareParams, compareThing } from "./attributes.js";
import type { DataBuilder } from "./data.js";
import { distanceOf, judgePath, largestNumber, sameDescent } from "./optimum.js";
import { throughDisk } from "./persistence.js";
import { type Answer, compareQuality, evaluateAll, withinRange } from "./quality.js";
import { buildStage, fitted, preparation } from "./stage.js";
import { compareTable } from "./table.js";
import { fromGolden, toGolden } from "./values.js";
import type { DataFrameLike, Kindling, StageLike } from "./api.js";

/** What one case runs on. */
export interface CaseContext {
  readonly k: Kindling;
  readonly data: DataBuilder;
  /** Overrides the case's own number of partitions. */
  readonly partitions: number | undefined;
}

interface Trained {
  readonly model: StageLike;
  readonly input: DataFrameLike;
  readonly toTransform: DataFrameLike;
}

const known = new Set(["model", "summary", "evaluate", "transform", "metrics", "calls", "bySeed", "range"]);

/** An estimator or transformer: fit, compare everything recorded, save, load, compare what survives saving. */
export async function runFitCase(context: CaseContext, spec: GoldenCase, className: string): Promise<Comparison> {
  const { k } = context;
  const comparison = new Comparison(Tolerance.of(spec.tolerance));
  for (const key of Object.keys(spec.expect))
    if (!known.has(key)) comparison.fail(key, "a kind of fact the runner knows", key);
  const stage = buildStage(k, { class: className, params: spec.params });
  const trained = await train(context, spec, stage);

  if (!exactlyRepeatable(context, spec)) {
    const answer = async (seed: number): Promise<Answer> => {
      const again = { class: className, params: { ...spec.params, seed } };
      const { model, toTransform } = await train(context, spec, buildStage(k, again));
      return { model, output: model.transform(toTransform) as DataFrameLike };
    };
    const recorded = { model: trained.model, output: trained.model.transform(trained.toTransform) as DataFrameLike };
    await compareQuality(k, comparison, spec, recorded, answer);
    return comparison;
  }
  await compareModel(context, comparison, spec, trained, "");
  if (isObject(spec.expect.summary)) await compareSummary(k, comparison, spec, trained.model);
  const judged = spec.path === undefined ? comparison : await judgeByPath(context, comparison, spec, trained);
  if (judged !== comparison) return judged;
  await compareSeeds(context, comparison, spec, className);
  await throughDisk(k, stage, async (loaded) =>
    compareParams(k, comparison, "loaded.params", setParamsOf(k, stage), loaded),
  );
  if (trained.model !== stage || spec.expect.transform) {
    await throughDisk(k, trained.model, (model) =>
      compareModel(context, comparison, spec, { ...trained, model }, "loaded."),
    );
  }
  return comparison;
}

async function compareSummary(k: Kindling, comparison: Comparison, spec: GoldenCase, model: StageLike): Promise<void> {
  const expected = spec.expect.summary as JsonObject;
  const summary = await model.summary;
  const history = expected.objectiveHistory;
  const actual = Array.isArray(history) ? toGolden(k, await summary?.objectiveHistory) : undefined;
  const stoppedShort = distanceOf(spec).model > 0 && Array.isArray(actual) && Array.isArray(history);
  if (!stoppedShort || history.length === actual.length || !sameDescent(history, actual, comparison.tolerance)) {
    return compareAttributes(k, comparison, "summary", expected, summary);
  }
  comparison.value("summary.totalIterations", actual.length - 1, toGolden(k, await summary.totalIterations));
  const others = Object.entries(expected).filter(([name]) => !/^(objectiveHistory|totalIterations)$/.test(name));
  await compareAttributes(k, comparison, "summary", Object.fromEntries(others), summary);
}

async function judgeByPath(
  { k }: CaseContext,
  strict: Comparison,
  spec: GoldenCase,
  { model, toTransform }: Trained,
): Promise<Comparison> {
  if (strict.mismatches.length === 0 || !isObject(spec.expect.summary)) return strict;
  const history = toGolden(k, await (await model.summary)?.objectiveHistory);
  return judgePath(
    spec,
    strict,
    Array.isArray(history) ? history : [],
    await evaluateAll(k, spec, model.transform(toTransform)),
  );
}

/** A seeded answer repeats only with the generator Spark documents and in the partitions it was recorded in. */
function exactlyRepeatable(context: CaseContext, spec: GoldenCase): boolean {
  if (spec.deterministic !== false) return true;
  const samePartitions = context.partitions === undefined || context.partitions === (spec.partitions ?? 1);
  if (samePartitions && spec.reproducible !== undefined && !/^no\b/.test(spec.reproducible)) return true;
  if (spec.expect.range === undefined) throw new Skipped("depends on the partitions, and no range is recorded");
  return false;
}

async function train(context: CaseContext, spec: GoldenCase, stage: StageLike): Promise<Trained> {
  const { k, data } = context;
  if (!spec.data) throw new Error("the case has no data");
  const partitions = context.partitions ?? spec.partitions ?? 1;
  const steps = await preparation(k, spec.prepare ?? [], await data.build(spec.data, partitions));
  const input = steps.frame;
  const toTransform = spec.transformData ? steps.apply(await data.build(spec.transformData, partitions)) : input;
  return { model: await fitted(stage, input), input, toTransform };
}

async function compareModel(
  { k, data }: CaseContext,
  comparison: Comparison,
  spec: GoldenCase,
  { model, input, toTransform }: Trained,
  prefix: string,
): Promise<void> {
  const { expect } = spec;
  const distance = distanceOf(spec);
  if (isObject(expect.model)) {
    for (const [name, value] of Object.entries(withoutSubModels(expect.model, prefix))) {
      comparison.slack = distance.model * largestNumber(value);
      await compareAttributes(k, comparison, `${prefix}model`, { [name]: value }, model);
    }
    comparison.slack = 0;
  }
  if (isObject(expect.evaluate)) {
    await compareAttributes(k, comparison, `${prefix}evaluate`, expect.evaluate, await model.evaluate(input));
  }
  for (const [i, call] of ((expect.calls ?? []) as readonly JsonObject[]).entries()) {
    const given = call.args as readonly JsonObject[];
    const args = await Promise.all(
      given.map((arg) =>
        isObject(arg) && "$data" in arg ? data.build(arg.$data as JsonObject, 1) : fromGolden(k, arg),
      ),
    );
    const at = `${prefix}calls[${i}].${call.method}`;
    if (typeof model[call.method as string] !== "function") {
      comparison.fail(at, "a method", "no such method");
      continue;
    }
    const answer = await model[call.method as string](...(call.on === "input" ? [input] : []), ...args);
    await compareThing(k, comparison, at, call.result, answer);
  }
  if (!expect.transform && !expect.metrics) return;
  const output = model.transform(toTransform) as DataFrameLike;
  if (expect.transform) {
    comparison.slack = distance.transform;
    await compareTable(k, comparison, `${prefix}transform`, expect.transform as unknown as TableExpectation, output);
    comparison.slack = 0;
  }
  if (isObject(expect.metrics)) {
    comparison.value(`${prefix}metrics`, expect.metrics, await evaluateAll(k, spec, output));
  }
}

/** Sub-models are saved only when asked (`persistSubModels`), as in Spark. */
function withoutSubModels(model: JsonObject, prefix: string): JsonObject {
  if (prefix === "" || !("numSubModels" in model)) return model;
  return Object.fromEntries(Object.entries(model).filter(([name]) => name !== "numSubModels"));
}

/** With Spark's generator the metrics of seeds 1 to 5 come out alike, too. */
async function compareSeeds(
  context: CaseContext,
  comparison: Comparison,
  spec: GoldenCase,
  className: string,
): Promise<void> {
  const bySeed = spec.expect.bySeed;
  if (!isObject(bySeed)) return;
  for (const [seed, metrics] of Object.entries(bySeed)) {
    const params = { ...spec.params, seed: Number(seed) };
    const { model, toTransform } = await train(context, spec, buildStage(context.k, { class: className, params }));
    const actual = await withinRange.measure(
      context.k,
      spec,
      model,
      model.transform(toTransform),
      metrics as JsonObject,
    );
    comparison.value(`bySeed.${seed}`, metrics, actual);
  }
  withinRange.checkRecorded(comparison, spec);
}

function setParamsOf(k: Kindling, stage: StageLike): JsonObject {
  const names = (stage.params as readonly { name: string }[]).map((param) => param.name);
  const plain = names.filter(
    (name) => stage.isSet(name) && !/^(stages|estimator|evaluator|estimatorParamMaps)$/.test(name),
  );
  return Object.fromEntries(plain.map((name) => [name, toGolden(k, stage.getOrDefault(stage.getParam(name)))]));
}
