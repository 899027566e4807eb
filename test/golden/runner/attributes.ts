import { isObject, isTable, type Json, type JsonObject } from "./case.js";
import type { Comparison } from "./compare.js";
import { compareTable } from "./table.js";
import { isDataFrame, isStage, toGolden } from "./values.js";
import type { Kindling, Loose, StageLike } from "./api.js";

/** Value of a PySpark property or method without arguments, awaited. */
export async function readAttribute(owner: Loose, name: string): Promise<unknown> {
  const member = owner[name];
  return await (typeof member === "function" ? member.call(owner) : member);
}

/** Compares recorded attributes (of a model, a summary, a stage) with those of the live object. */
export async function compareAttributes(
  k: Kindling,
  comparison: Comparison,
  path: string,
  expected: JsonObject,
  owner: Loose,
): Promise<void> {
  for (const [name, value] of Object.entries(expected)) {
    const at = `${path}.${name}`;
    if (name === "class") comparison.value(at, value, owner.constructor.name);
    else if (name === "params") compareParams(k, comparison, at, value as JsonObject, owner);
    else if (name === "numSubModels") comparison.value(at, value, subModelCounts(owner.subModels));
    else if (!(name in owner)) comparison.fail(at, value, "no such attribute");
    else await compareThing(k, comparison, at, value, await readAttribute(owner, name));
  }
}

const subModelCounts = (subModels: Loose): Json =>
  Array.isArray(subModels) ? subModels.map((models) => (Array.isArray(models) ? models.length : 1)) : null;

/** Compares anything a method can answer: a table, a stage, a list of stages or a plain value. */
export async function compareThing(
  k: Kindling,
  comparison: Comparison,
  path: string,
  expected: Json,
  actual: unknown,
): Promise<void> {
  if (isTable(expected)) {
    if (isDataFrame(actual)) await compareTable(k, comparison, path, expected, actual);
    else comparison.fail(path, "a DataFrame", toGolden(k, actual));
  } else if (isObject(expected) && isStage(actual)) {
    await compareAttributes(k, comparison, path, expected, actual);
  } else if (Array.isArray(expected) && Array.isArray(actual) && actual.some(isStage)) {
    comparison.value(`${path}.length`, expected.length, actual.length);
    for (let i = 0; i < Math.min(expected.length, actual.length); i++) {
      await compareThing(k, comparison, `${path}[${i}]`, expected[i] as Json, actual[i]);
    }
  } else {
    comparison.value(path, expected, toGolden(k, actual));
  }
}

export function compareParams(
  k: Kindling,
  comparison: Comparison,
  path: string,
  expected: JsonObject,
  stage: StageLike,
): void {
  for (const [name, value] of Object.entries(expected)) {
    const owner = stageWith(name, stage);
    const known = owner.hasParam(name) as boolean;
    if (!known) comparison.fail(`${path}.${name}`, value, "no such param");
    else if (!owner.isDefined(name)) comparison.fail(`${path}.${name}`, value, "neither set nor with a default");
    else
      comparison.value(
        `${path}.${name}`,
        ownOutput(value),
        ownOutput(toGolden(k, owner.getOrDefault(owner.getParam(name)))),
      );
  }
}

/** Params of a pipeline were recorded from its last stage that has them. */
function stageWith(name: string, stage: StageLike): StageLike {
  const stages = Array.isArray(stage.stages) ? (stage.stages as readonly StageLike[]) : [];
  return stage.hasParam(name) ? stage : (stages.findLast((inner) => inner.hasParam(name)) ?? stage);
}

/** A default output column is named after a random uid; in PySpark that of the Python object, not of the saved stage. */
const ownOutput = (value: Json): Json =>
  typeof value === "string" ? value.replace(/^\w+_[0-9a-f]{12}__output$/, "<uid>__output") : value;
