import type { DataFrame } from "../../sql/api/index.js";
import type { StructType } from "../../sql/types/index.js";
import {
  declareParams,
  defineStage,
  Estimator,
  intParam,
  type Model,
  type ParamAccess,
  type ParamMapLike,
  type ParamOptions,
  stringParam,
  type FitOptions,
} from "../base/index.js";
import { copyTuned } from "./copy-tuned.js";
import { CrossValidatorModel } from "./cross-validator-model.js";
import { columnFolds, type Fold, randomFolds, withRandom } from "./folds.js";
import { savedTuner, tunerPersistence } from "./saved-tuning.js";
import { bestSetting, sweepSplit } from "./sweep.js";
import { scalerRows, tunedScaler } from "./tuned-scaler.js";
import { tunerParams } from "./validator-params.js";

const params = declareParams({
  ...tunerParams,
  numFolds: intParam("Number of folds (>= 2).", { default: 3 }),
  foldCol: stringParam('Column of fold numbers 0 .. numFolds - 1; "" draws the folds at random.', { default: "" }),
});

/** Compares settings of an estimator by their mean metric over k folds and fits the best one on all the data. */
export interface CrossValidator extends ParamAccess<typeof params, CrossValidator> {}
export class CrossValidator extends Estimator<CrossValidatorModel> {
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

  protected override async train(df: DataFrame, options: FitOptions): Promise<CrossValidatorModel> {
    const foldCol = this.getFoldCol();
    const random = `${this.uid}_rand`;
    const data = foldCol === "" ? withRandom(df, random, this.getSeed()) : df.select("*");
    const [estimator, evaluator, settings] = [this.getEstimator(), this.getEvaluator(), this.getEstimatorParamMaps()];
    data.cache();
    try {
      const numFolds = this.getNumFolds();
      const folds =
        foldCol === "" ? randomFolds(data, random, numFolds) : await columnFolds(data, foldCol, numFolds, options);
      const { metrics, models } = await this.sweepFolds(df, folds, options);
      const average = settings.map((_, s) => mean(metrics.map((fold) => fold[s])));
      const deviation = settings.map((_, s) => standardDeviation(metrics.map((fold) => fold[s])));
      const best = settings[bestSetting(average, evaluator.isLargerBetter())];
      const bestModel = await estimator.fit(foldCol === "" ? data.drop(random) : data, best, options);
      const subModels = this.getCollectSubModels() ? models : undefined;
      return new CrossValidatorModel(bestModel, average, deviation, subModels);
    } finally {
      await data.unpersist();
    }
  }

  private async sweepFolds(
    df: DataFrame,
    folds: readonly Fold[],
    { signal }: FitOptions,
  ): Promise<{ metrics: number[][]; models: Model[][] }> {
    const settings = this.getEstimatorParamMaps();
    const total = settings.length * folds.length;
    const metrics: number[][] = [];
    const models: Model[][] = [];
    let done = 0;
    for (const { train, validation } of folds) {
      const result = await sweepSplit(train, validation, {
        estimator: this.getEstimator(),
        evaluator: this.getEvaluator(),
        settings,
        parallelism: this.getParallelism(),
        keepModels: this.getCollectSubModels(),
        signal,
        onDone: () => df.sparkSession.events.emit({ type: "sweep", uid: this.uid, done: ++done, total }),
      });
      metrics.push(result.metrics);
      models.push(result.models);
    }
    return { metrics, models };
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
/** Of the population, as numpy's `std`. */
const standardDeviation = (values: readonly number[]): number => {
  const center = mean(values);
  return Math.sqrt(mean(values.map((v) => (v - center) ** 2)));
};

defineStage(CrossValidator, {
  javaClass: "org.apache.spark.ml.tuning.CrossValidator",
  aliases: ["pyspark.ml.tuning.CrossValidator"],
  params,
  persistence: {
    ...tunerPersistence,
    fromData: async (saved) => new CrossValidator(await savedTuner(saved), saved.uid),
  },
  testCases: [{ params: { ...tunedScaler(), numFolds: 2, foldCol: "fold" }, ...scalerRows }],
});
