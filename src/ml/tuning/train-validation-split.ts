import type { DataFrame } from "../../sql/api/index.js";
import type { StructType } from "../../sql/types/index.js";
import {
  declareParams,
  defineStage,
  doubleParam,
  Estimator,
  namedColumn,
  type ParamAccess,
  type ParamMapLike,
  type ParamOptions,
  type FitOptions,
} from "../base/index.js";
import { withRandom } from "./folds.js";
import { copyTuned } from "./copy-tuned.js";
import { savedTuner, tunerPersistence } from "./saved-tuning.js";
import { bestSetting, sweepSplit } from "./sweep.js";
import { TrainValidationSplitModel } from "./train-validation-split-model.js";
import { scalerRows, tunedScaler } from "./tuned-scaler.js";
import { tunerParams } from "./validator-params.js";

const params = declareParams({
  ...tunerParams,
  trainRatio: doubleParam("Share of the rows to train on, in [0, 1]; the others validate.", { default: 0.75 }),
});

/** Compares settings of an estimator on one random split and fits the best one on all the data. */
export interface TrainValidationSplit extends ParamAccess<typeof params, TrainValidationSplit> {}
export class TrainValidationSplit extends Estimator<TrainValidationSplitModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override copy(extra?: ParamMapLike): this {
    const map = this.paramMapOf(extra);
    return copyTuned(super.copy(map), map);
  }

  override transformSchema(schema: StructType): StructType {
    return this.getEstimator().transformSchema(schema);
  }

  protected override async train(df: DataFrame, options: FitOptions): Promise<TrainValidationSplitModel> {
    const random = `${this.uid}_rand`;
    const [estimator, evaluator, settings] = [this.getEstimator(), this.getEvaluator(), this.getEstimatorParamMaps()];
    const data = withRandom(df, random, this.getSeed());
    data.cache();
    try {
      const validates = namedColumn(random).geq(this.getTrainRatio());
      let done = 0;
      const { metrics, models } = await sweepSplit(data.filter(validates.not()), data.filter(validates), {
        estimator,
        evaluator,
        settings,
        parallelism: this.getParallelism(),
        keepModels: this.getCollectSubModels(),
        signal: options.signal,
        onDone: () =>
          df.sparkSession.events.emit({ type: "sweep", uid: this.uid, done: ++done, total: settings.length }),
      });
      const best = settings[bestSetting(metrics, evaluator.isLargerBetter())];
      const bestModel = await estimator.fit(data.drop(random), best, options);
      return new TrainValidationSplitModel(bestModel, metrics, this.getCollectSubModels() ? models : undefined);
    } finally {
      await data.unpersist();
    }
  }
}

defineStage(TrainValidationSplit, {
  javaClass: "org.apache.spark.ml.tuning.TrainValidationSplit",
  aliases: ["pyspark.ml.tuning.TrainValidationSplit"],
  params,
  persistence: {
    ...tunerPersistence,
    fromData: async (saved) => new TrainValidationSplit(await savedTuner(saved), saved.uid),
  },
  testCases: [{ params: { ...tunedScaler(), seed: 1 }, ...scalerRows }],
});
