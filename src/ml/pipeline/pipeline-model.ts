import type { DataFrame } from "../../sql/api/index.js";
import type { StructType } from "../../sql/types/index.js";
import { declareParams, defineStage, Model, type ParamMapLike, type Transformer } from "../base/index.js";
import { savedStages, savedStageUids, stageUids, writeStages } from "./saved-stages.js";

/** A fitted pipeline: transformers applied one after the other. */
export class PipelineModel extends Model {
  constructor(
    readonly stages: readonly Transformer[],
    uid?: string,
  ) {
    super({}, uid);
  }

  override copy(extra?: ParamMapLike): this {
    const map = this.paramMapOf(extra);
    return Object.assign(super.copy(map), { stages: this.stages.map((stage) => stage.copy(map)) });
  }

  protected override transformData(df: DataFrame): DataFrame {
    return this.stages.reduce((data, stage) => stage.transform(data), df);
  }

  override transformSchema(schema: StructType): StructType {
    return this.stages.reduce((before, stage) => stage.transformSchema(before), schema);
  }
}

defineStage(PipelineModel, {
  javaClass: "org.apache.spark.ml.PipelineModel",
  aliases: ["pyspark.ml.pipeline.PipelineModel"],
  params: declareParams({}),
  persistence: {
    ownParams: savedStageUids,
    paramMap: (model) => ({ stageUids: stageUids(model.stages) }),
    writeParts: (model, writer) => writeStages(model.stages, writer),
    fromData: async (saved) => new PipelineModel((await savedStages(saved)) as unknown as Transformer[], saved.uid),
  },
});
