import type { DataFrame } from "../../sql/api/index.js";
import type { StructType } from "../../sql/types/index.js";
import {
  declareParams,
  defineStage,
  Estimator,
  objectParam,
  type ParamAccess,
  type ParamMapLike,
  type ParamOptions,
  type PipelineStage,
  require,
  Transformer,
  type FitOptions,
} from "../base/index.js";
import { PipelineModel } from "./pipeline-model.js";
import { savedStages, savedStageUids, stageUids, writeStages } from "./saved-stages.js";

const params = declareParams({
  stages: objectParam<readonly PipelineStage[]>("Stages in the order in which they are fitted and applied."),
});

/** Estimators and transformers applied one after the other; fitting gives a {@link PipelineModel}. */
export interface Pipeline extends ParamAccess<typeof params, Pipeline> {}
export class Pipeline extends Estimator<PipelineModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  setStages(stages: readonly PipelineStage[]): this {
    for (const stage of stages as readonly unknown[]) {
      if (stage instanceof Estimator || stage instanceof Transformer) continue;
      throw new TypeError(`Cannot recognize a pipeline stage of type ${describe(stage)}.`);
    }
    return this.set("stages", [...stages]);
  }

  override setParams(options: ParamOptions<typeof params>): this {
    return options.stages === undefined ? this : this.setStages(options.stages);
  }

  override copy(extra?: ParamMapLike): this {
    const that = super.copy(extra);
    return that.isSet("stages")
      ? that.set(
          "stages",
          that.getStages().map((stage) => stage.copy(extra)),
        )
      : that;
  }

  override transformSchema(schema: StructType): StructType {
    const stages = this.getStages();
    require(new Set(stages.map(({ uid }) => uid)).size === stages.length, () =>
      "Cannot have duplicate components in a pipeline.");
    return stages.reduce((before, stage) => stage.transformSchema(before), schema);
  }

  /** Transformers after the last estimator are not run. */
  protected override async train(df: DataFrame, options: FitOptions): Promise<PipelineModel> {
    const stages = this.getStages();
    const last = stages.findLastIndex((stage) => stage instanceof Estimator);
    const fitted: Transformer[] = [];
    let data = df;
    for (const [index, stage] of stages.entries()) {
      const transformer =
        stage instanceof Estimator ? ((await stage.fit(data, {}, options)) as Transformer) : (stage as Transformer);
      fitted.push(transformer);
      if (index < last) data = transformer.transform(data);
    }
    return new PipelineModel(fitted);
  }
}

const describe = (value: unknown): string =>
  typeof value === "object" && value !== null ? value.constructor.name : typeof value;

defineStage(Pipeline, {
  javaClass: "org.apache.spark.ml.Pipeline",
  aliases: ["pyspark.ml.pipeline.Pipeline"],
  params,
  persistence: {
    ownParams: ["stages", ...savedStageUids],
    paramMap: (pipeline) => ({ stageUids: stageUids(pipeline.getStages()) }),
    writeParts: (pipeline, writer) => writeStages(pipeline.getStages(), writer),
    fromData: async (saved) =>
      new Pipeline({ stages: (await savedStages(saved)) as unknown as PipelineStage[] }, saved.uid),
  },
});
