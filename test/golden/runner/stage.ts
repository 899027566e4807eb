import { isObject, type Json, type JsonObject, type StageSpec } from "./case.js";
import { fromGolden, isStage } from "./values.js";
import type { DataFrameLike, Kindling, Loose, StageLike } from "./api.js";

const isStageSpec = (value: Json): value is JsonObject & { class: string } =>
  isObject(value) && typeof value.class === "string" && !("type" in value);

/** Builds a stage by class name and sets its params. */
export function buildStage(k: Kindling, spec: StageSpec): StageLike {
  const stage = new (k.classOf(spec.class))() as StageLike;
  setParams(k, stage, spec.params ?? {});
  return stage;
}

export function setParams(k: Kindling, stage: StageLike, params: JsonObject): void {
  // A grid names params of the estimator, so that comes first, whatever the order of the keys.
  const names = Object.keys(params).sort(
    (a, b) => Number(a === "estimatorParamMaps") - Number(b === "estimatorParamMaps"),
  );
  for (const name of names) {
    // As PySpark's keyword arguments do: setters may clear other params (threshold, thresholds).
    stage.set(name, paramValue(k, stage, name, params[name]));
  }
}

function paramValue(k: Kindling, owner: StageLike, name: string, value: Json): unknown {
  if (name === "estimatorParamMaps") {
    const estimator = owner.getEstimator() as StageLike;
    return (value as readonly JsonObject[]).map((settings) => paramMap(k, estimator, settings));
  }
  if (isStageSpec(value)) return buildStage(k, value as unknown as StageSpec);
  if (Array.isArray(value) && value.length > 0 && value.every((item) => isStageSpec(item as Json))) {
    return value.map((item) => buildStage(k, item as unknown as StageSpec));
  }
  return fromGolden(k, value);
}

/** `{"regParam": 0.1, "1.numFeatures": 20}` as a ParamMap; a number before the dot picks a stage of a pipeline. */
export function paramMap(k: Kindling, estimator: StageLike, settings: JsonObject): Loose {
  const map = new k.api.ParamMap();
  for (const [key, value] of Object.entries(settings)) {
    const [, index, name] = /^(?:(\d+)\.)?(.+)$/.exec(key)!;
    const owner = index === undefined ? estimator : (estimator.getStages() as StageLike[])[Number(index)];
    map.put(owner.getParam(name), fromGolden(k, value));
  }
  return map;
}

/** Fits the stage when it is an estimator, else returns it. */
export const fitted = async (stage: StageLike, df: DataFrameLike): Promise<StageLike> =>
  typeof stage.fit === "function" ? ((await stage.fit(df)) as StageLike) : stage;

/** Applies the preparing stages in order, each fitted on what the ones before it made. */
export async function prepared(k: Kindling, specs: readonly StageSpec[], df: DataFrameLike): Promise<DataFrameLike> {
  return (await preparation(k, specs, df)).frame;
}

/** As `prepared`, and how to apply the same fitted stages to another table. */
export async function preparation(
  k: Kindling,
  specs: readonly StageSpec[],
  df: DataFrameLike,
): Promise<{ frame: DataFrameLike; apply: (other: DataFrameLike) => DataFrameLike }> {
  const steps: ((input: DataFrameLike) => DataFrameLike)[] = [];
  let frame = df;
  for (const spec of specs) {
    const step = await preparingStep(k, spec, frame);
    steps.push(step);
    frame = step(frame);
  }
  return { frame, apply: (other) => steps.reduce((input, step) => step(input), other) };
}

async function preparingStep(
  k: Kindling,
  spec: StageSpec,
  df: DataFrameLike,
): Promise<(df: DataFrameLike) => DataFrameLike> {
  if (spec.class === "SQLTransformer" && !k.has("SQLTransformer")) {
    const expressions = selectList(String(spec.params?.statement));
    return (input) => input.selectExpr(...expressions);
  }
  const stage = await fitted(buildStage(k, spec), df);
  return (input) => stage.transform(input) as DataFrameLike;
}

/** Expressions of `SELECT a, b FROM __THIS__`: until there is SQL text, a select list is all that preparation needs. */
export function selectList(statement: string): string[] {
  const [, list] = /^\s*SELECT\s+(.*)\s+FROM\s+__THIS__\s*$/is.exec(statement) ?? [];
  if (list === undefined) throw new Error(`cannot run "${statement}" without SQLTransformer`);
  const items: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= list.length; i++) {
    if (list[i] === "(") depth++;
    else if (list[i] === ")") depth--;
    else if (i === list.length || (list[i] === "," && depth === 0)) {
      items.push(list.slice(start, i).trim());
      start = i + 1;
    }
  }
  return items;
}

export { isStage };
