import { IllegalArgumentException, IOException, UnsupportedOperationException } from "../../common/index.js";
import {
  decodeParam,
  encodeParam,
  type Evaluator,
  JsonText,
  MLWritable,
  Model,
  ParamMap,
  Params,
  parseBigJson,
  require,
  type SavedStage,
  type StagePersistence,
  type StageWriter,
} from "../base/index.js";
import { nestedStages } from "./nested-stages.js";
import type { TunedEstimator } from "./validator-params.js";

/** A value of one setting as Spark saves it; stages are saved beside, `value` naming their directory. */
interface SavedSetting {
  readonly parent: string;
  readonly name: string;
  readonly value: string;
  readonly isJson: string;
}

const parts = ["estimator", "estimatorParamMaps", "evaluator"];

/** What tuners and their models have in common when they are saved. */
export const tunerPersistence = {
  ownParams: parts,
  paramMap: (tuner: Params) => {
    const plain = tuner.params.filter((param) => !parts.includes(param.name) && tuner.isDefined(param));
    const values = plain.map((p) => [p.name, new JsonText(encodeParam(p.declaration.type, tuner.get(p)))] as const);
    return { ...Object.fromEntries(values), estimatorParamMaps: savedSettings(tuner).maps };
  },
  writeParts: async (tuner: Params, writer: StageWriter) => {
    await writer.child("evaluator", tuner.getOrDefault("evaluator") as Evaluator);
    await writer.child("estimator", tuner.getOrDefault("estimator") as TunedEstimator);
    for (const [directory, stage] of savedSettings(tuner).stages) await writer.child(directory, stage);
  },
} satisfies StagePersistence<Params>;

function savedSettings(tuner: Params): { maps: SavedSetting[][]; stages: (readonly [string, Params])[] } {
  const stages: (readonly [string, Params])[] = [];
  const maps = (tuner.getOrDefault("estimatorParamMaps") as readonly ParamMap[]).map((map) =>
    [...map].map(([{ parent, name, declaration }, value]): SavedSetting => {
      if (declaration.type === "any" && !(value instanceof Params)) {
        throw new UnsupportedOperationException(
          `The setting "${name}" of ${parent} cannot be saved: only plain values and single stages can; save the fitted bestModel instead`,
        );
      }
      if (!(value instanceof Params)) {
        return { parent, name, value: encodeParam(declaration.type, value), isJson: "true" };
      }
      const directory = `epm_${name}${stages.length}`;
      stages.push([directory, value]);
      return { parent, name, value: JSON.stringify(directory), isJson: "false" };
    }),
  );
  return { maps, stages };
}

/** Estimator, settings and evaluator of a saved tuner or tuning model. */
export async function savedTuner(saved: SavedStage): Promise<{
  readonly estimator: TunedEstimator;
  readonly estimatorParamMaps: readonly ParamMap[];
  readonly evaluator: Evaluator;
}> {
  const evaluator = (await saved.child("evaluator")) as unknown as Evaluator;
  const estimator = (await saved.child("estimator")) as unknown as TunedEstimator;
  const { estimatorParamMaps } = saved.metadata.paramMap as { readonly estimatorParamMaps?: SavedSetting[][] };
  if (!Array.isArray(estimatorParamMaps)) {
    throw new IOException(`${saved.path} is not a saved tuner: it has no "estimatorParamMaps"`);
  }
  const owners = new Map([...nestedStages(estimator), ...nestedStages(evaluator)].map((stage) => [stage.uid, stage]));
  const load = async ({ parent, name, value, isJson }: SavedSetting): Promise<readonly [never, unknown]> => {
    const owner = owners.get(parent);
    if (!owner) {
      throw new IllegalArgumentException(
        `${saved.path}: could not find the stage ${parent} of the setting "${name}" in the estimator or evaluator`,
      );
    }
    const param = owner.getParam(name);
    const json = parseBigJson(value);
    const set = isJson === "false" ? await saved.child(String(json)) : decodeParam(param.declaration.type, json);
    return [param as never, set];
  };
  const maps = estimatorParamMaps.map(async (map) => new ParamMap(await Promise.all(map.map(load))));
  return { estimator, evaluator, estimatorParamMaps: await Promise.all(maps) };
}

/** Whether sub-models are to be saved: the writer's option `persistSubModels`, by default when there are some. */
export function persistsSubModels(has: boolean, options: ReadonlyMap<string, string>): boolean {
  const option = (options.get("persistsubmodels") ?? String(has)).toLowerCase();
  require(option === "true" || option === "false", () =>
    `persistSubModels option value ${option} is invalid, the possible values are true and false`);
  require(option === "false" || has, () =>
    "When persisting tuning models, you can only set persistSubModels to true if the tuning was done with " +
    "collectSubModels set to true. To save the sub-models, try rerunning fitting with collectSubModels set to true.");
  return option === "true";
}

/** A model saved in a sub-directory. */
export async function savedModel(saved: SavedStage, directory: string): Promise<Model> {
  const model: unknown = await saved.child(directory);
  if (model instanceof Model && model instanceof MLWritable) return model;
  throw new IOException(`${saved.path}/${directory} does not hold a model`);
}
