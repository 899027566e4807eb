import { javaDouble, NoSuchElementException, SparkException } from "../../common/index.js";
import { blas, DenseVector, type Vector } from "../../linalg/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import { doubleType, StructField, StructType, vectorType } from "../../sql/types/index.js";
import {
  type ColumnFunction,
  declareParams,
  defineStage,
  doubleParam,
  gt,
  hasAggregationDepth,
  hasElasticNetParam,
  hasFitIntercept,
  hasMaxBlockSizeInMB,
  hasMaxIter,
  hasRegParam,
  hasStandardization,
  hasTol,
  hasWeightCol,
  type InstanceLayout,
  layoutInstances,
  oneOf,
  type ParamAccess,
  type ParamOptions,
  predictorParams,
  RegressionModel,
  Regressor,
  require,
  stringParam,
  type FitOptions,
} from "../base/index.js";
import { gramSums, openLinearLoss, trainingMoments } from "../linear/index.js";
import { weightedLeastSquares } from "../optim/index.js";
import { solveLinear } from "./linear-solver.js";
import { LinearRegressionSummary, LinearRegressionTrainingSummary } from "./linear-summary.js";
import { predictLinear } from "./predict-linear.js";

const params = declareParams({
  ...predictorParams,
  ...hasElasticNetParam,
  ...hasFitIntercept,
  ...hasStandardization,
  ...hasWeightCol,
  ...hasAggregationDepth,
  ...hasMaxBlockSizeInMB,
  maxIter: { ...hasMaxIter.maxIter, default: 100 },
  regParam: { ...hasRegParam.regParam, default: 0 },
  tol: { ...hasTol.tol, default: 1e-6 },
  solver: stringParam("How to solve: auto, normal (normal equations) or l-bfgs.", {
    default: "auto",
    valid: oneOf("auto", "normal", "l-bfgs"),
  }),
  loss: stringParam("Loss to minimize: squaredError or huber.", {
    default: "squaredError",
    valid: oneOf("squaredError", "huber"),
  }),
  epsilon: doubleParam("Shape of huber's loss (> 1): larger is closer to squared error.", {
    default: 1.35,
    valid: gt(1),
  }),
});

/** Features up to which the normal equations are solved, as in Spark's WeightedLeastSquares. */
const MOST_FEATURES = 4096;

interface Trained {
  readonly coefficients: Vector;
  readonly intercept: number;
  readonly scale: number;
  readonly objectiveHistory: readonly number[];
  readonly diagInvAtWA: Float64Array;
}

/** Linear regression by squared or huber loss with elastic net: normal equations, L-BFGS, OWL-QN or L-BFGS-B. */
export interface LinearRegression extends ParamAccess<typeof params, LinearRegression> {}
export class LinearRegression extends Regressor<LinearRegressionModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override transformSchema(schema: StructType): StructType {
    if (this.getLoss() === "huber") {
      require(this.getSolver() !== "normal", () =>
        "LinearRegression with huber loss doesn't support normal solver, please change solver to auto or l-bfgs.");
      const elasticNet = this.getElasticNetParam();
      require(elasticNet === 0, () =>
        `LinearRegression with huber loss only supports L2 regularization, but got elasticNetParam = ${javaDouble(elasticNet)}.`);
    }
    return super.transformSchema(schema);
  }

  protected async train(df: DataFrame, options: FitOptions): Promise<LinearRegressionModel> {
    const layout = await layoutInstances(
      df,
      {
        features: this.getFeaturesCol(),
        label: { column: this.getLabelCol(), rule: "regression" },
        weight: this.get("weightCol") as string | undefined,
        maxBlockSizeInMB: this.getMaxBlockSizeInMB(),
      },
      options,
    );
    let trained: Trained;
    try {
      if (layout.numRows === 0) throw new NoSuchElementException("head of empty array: the training data has no rows");
      const d = layout.numFeatures;
      const solver = this.getSolver();
      const direct = solver === "normal" || (solver === "auto" && d <= MOST_FEATURES);
      const normal = this.getLoss() === "squaredError" && direct;
      require(!normal || d <= MOST_FEATURES, () =>
        `In order to take the normal equation approach efficiently, we set the max number of features to ${MOST_FEATURES} but got ${d}.`);
      trained = await (normal ? this.solveDirectly(df, layout) : this.solveIteratively(df, layout));
    } finally {
      layout.release();
    }
    const { coefficients, intercept, scale, objectiveHistory, diagInvAtWA } = trained;
    const model = this.copyValues(new LinearRegressionModel(coefficients, intercept, scale, this.uid));
    return model.withSummary(
      new LinearRegressionTrainingSummary(model.summaryValues(df, diagInvAtWA), objectiveHistory),
    );
  }

  private async solveDirectly(df: DataFrame, layout: InstanceLayout): Promise<Trained> {
    const session = df.sparkSession;
    const sums = await gramSums(layout, (request) => session.openPasses(request), session.parallelism);
    const { coefficients, ...fit } = await weightedLeastSquares(sums, {
      fitIntercept: this.getFitIntercept(),
      regParam: this.getRegParam(),
      elasticNetParam: this.getElasticNetParam(),
      standardizeFeatures: this.getStandardization(),
      standardizeLabel: true,
      maxIter: this.getMaxIter(),
      tol: this.getTol(),
    });
    return { ...fit, coefficients: new DenseVector(coefficients), scale: 1 };
  }

  private async solveIteratively(df: DataFrame, layout: InstanceLayout): Promise<Trained> {
    const session = df.sparkSession;
    const loss = this.getLoss() === "huber" ? "huber" : "squaredError";
    const moments = await trainingMoments(layout, (request) => session.openPasses(request), false);
    const kind = loss === "huber" ? "huber" : "squared";
    const opened = openLinearLoss(layout, (request) => session.openPasses(request), {
      kind,
      epsilon: this.getEpsilon(),
    });
    const total = this.getMaxIter();
    try {
      const fit = await solveLinear(
        { ...moments, loss: opened.loss },
        {
          loss,
          fitIntercept: this.getFitIntercept(),
          regParam: this.getRegParam(),
          elasticNetParam: this.getElasticNetParam(),
          standardization: this.getStandardization(),
          maxIter: total,
          tol: this.getTol(),
          onIteration: ({ iteration: done, adjustedValue: objective }) =>
            session.events.emit({
              type: "iteration",
              uid: this.uid,
              algorithm: "LinearRegression",
              done,
              total,
              objective,
            }),
        },
      );
      return { ...fit, diagInvAtWA: new Float64Array(1) };
    } finally {
      opened.close();
      session.events.emit({ type: "iterationEnd", uid: this.uid });
    }
  }
}

/** A fitted {@link LinearRegression}. */
export interface LinearRegressionModel extends ParamAccess<typeof params, LinearRegressionModel> {}
export class LinearRegressionModel extends RegressionModel {
  private trainingSummary: LinearRegressionTrainingSummary | undefined;

  constructor(
    readonly coefficients: Vector,
    readonly intercept: number,
    /** What huber's loss divides the residuals by; 1 for squared error. */
    readonly scale: number = 1,
    uid?: string,
  ) {
    super({}, uid);
  }

  get numFeatures(): number {
    return this.coefficients.size;
  }

  predict(features: Vector): number {
    return blas.dot(this.coefficients.toArray(), features.toArray()) + this.intercept;
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    const outputs = this.predictionFields(schema);
    const payload = { coefficients: this.coefficients.toArray(), intercept: this.intercept };
    const inputs = [this.getFeaturesCol()];
    return { name: predictLinear.name, payload, inputs: outputs.length ? inputs : [], outputs };
  }

  get hasSummary(): boolean {
    return this.trainingSummary !== undefined;
  }
  /** What the training reported; only the model that `fit` returned has it. */
  get summary(): LinearRegressionTrainingSummary {
    if (this.trainingSummary) return this.trainingSummary;
    throw new SparkException(
      "No training summary available for this LinearRegressionModel; fit the estimator again to get one.",
    );
  }
  withSummary(summary: LinearRegressionTrainingSummary): this {
    this.trainingSummary = summary;
    return this;
  }

  /** Metrics of this model on a labelled data set. */
  async evaluate(df: DataFrame): Promise<LinearRegressionSummary> {
    return new LinearRegressionSummary(this.summaryValues(df, new Float64Array(1)));
  }

  /** The transformed data and what the summary derives its statistics from. */
  summaryValues(df: DataFrame, diagInvAtWA: Float64Array) {
    const predictionCol = this.getPredictionCol() || `prediction_${this.uid}`;
    const fitIntercept = this.getFitIntercept();
    return {
      predictions: this.copy({ predictionCol }).transform(df),
      predictionCol,
      labelCol: this.getLabelCol(),
      featuresCol: this.getFeaturesCol(),
      weightCol: (this.get("weightCol") as string | undefined) || undefined,
      fitIntercept,
      estimates: [...this.coefficients.toArray(), ...(fitIntercept ? [this.intercept] : [])],
      numFeatures: this.numFeatures,
      diagInvAtWA,
    };
  }

  override toString(): string {
    return `LinearRegressionModel: uid=${this.uid}, numFeatures=${this.numFeatures}`;
  }
}

const schema = "label double, features vector, w double";
const rows = [
  [1, [1, 0.5], 1],
  [3, [2, 1.5], 2],
  [2.5, [0.5, 3], 1],
  [0.5, [0, 1], 0.5],
  [2, [1, 1.5], 1],
].map(([label, features, w]) => [label, new DenseVector(features as number[]), w]);

defineStage(LinearRegression, {
  javaClass: "org.apache.spark.ml.regression.LinearRegression",
  params,
  testCases: [
    { params: {}, schema, rows, tolerance: 1e-9 },
    {
      params: { regParam: 0.1, elasticNetParam: 0.5, solver: "l-bfgs", weightCol: "w" },
      schema,
      rows,
      tolerance: 1e-6,
    },
    { params: { loss: "huber", regParam: 0.1 }, schema, rows, tolerance: 1e-6 },
  ],
});
defineStage(LinearRegressionModel, {
  javaClass: "org.apache.spark.ml.regression.LinearRegressionModel",
  uidPrefix: "LinearRegression",
  params,
  persistence: {
    tables: {
      data: new StructType([
        new StructField("intercept", doubleType, false),
        new StructField("coefficients", vectorType),
        new StructField("scale", doubleType, false),
      ]),
    },
    toData: (model) => ({ data: [[model.intercept, model.coefficients, model.scale]] }),
    fromData: async (saved) => {
      const [row] = await saved.rows("data");
      const { coefficients, intercept, scale } = row as { coefficients: Vector; intercept: number; scale?: number };
      return new LinearRegressionModel(coefficients, intercept, scale ?? 1, saved.uid);
    },
  },
});
