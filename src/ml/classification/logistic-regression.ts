import { SparkException } from "../../common/index.js";
import { DenseVector, DenseMatrix, type Matrix, SparseVector, type Vector } from "../../linalg/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import { booleanType, integerType, matrixType, StructField, StructType, vectorType } from "../../sql/types/index.js";
import {
  attributeOf,
  type ColumnFunction,
  defineStage,
  layoutInstances,
  type ParamAccess,
  type ParamOptions,
  ProbabilisticClassificationModel,
  ProbabilisticClassifier,
  require,
  type FitOptions,
} from "../base/index.js";
import { openLinearLoss, openSoftmaxLoss, trainingMoments } from "../linear/index.js";
import { checkBounds } from "./logistic-bounds.js";
import { binaryThreshold, checkLogisticParams, classThresholds, hasBounds, logisticParams } from "./logistic-params.js";
import { constantFit, type LogisticFit, type LogisticSettings, solveLogistic } from "./logistic-solver.js";
import {
  BinaryLogisticRegressionSummary,
  BinaryLogisticRegressionTrainingSummary,
  LogisticRegressionSummary,
  LogisticRegressionTrainingSummary,
} from "./logistic-summary.js";
import { type LinearClassifier, predictClasses, probabilities } from "./predict-classes.js";

type Options = ParamOptions<typeof logisticParams>;

/** Logistic regression: binomial or multinomial, with elastic net or bounds (L-BFGS, OWL-QN, L-BFGS-B). */
export interface LogisticRegression extends ParamAccess<typeof logisticParams, LogisticRegression> {}
export class LogisticRegression extends ProbabilisticClassifier<LogisticRegressionModel> {
  constructor(options: Options = {}, uid?: string) {
    super(options, uid);
  }

  /** Sets the threshold of binary prediction, in place of `thresholds`. */
  setThreshold(value: number): this {
    return this.clear("thresholds").set("threshold", value);
  }
  /** Sets one threshold a class, in place of `threshold`. */
  setThresholds(value: readonly number[]): this {
    return this.clear("threshold").set("thresholds", value);
  }
  getThreshold(): number {
    return binaryThreshold(this);
  }

  override transformSchema(schema: StructType): StructType {
    return super.transformSchema(checkLogisticParams(this, schema));
  }

  protected async train(df: DataFrame, options: FitOptions): Promise<LogisticRegressionModel> {
    const session = df.sparkSession;
    const labelField = (await df.schema()).field(this.getLabelCol());
    const layout = await layoutInstances(
      df,
      {
        features: this.getFeaturesCol(),
        label: { column: this.getLabelCol(), rule: "classification" },
        weight: this.get("weightCol") as string | undefined,
        maxBlockSizeInMB: this.getMaxBlockSizeInMB(),
      },
      options,
    );
    let settings: LogisticSettings;
    let fit: LogisticFit;
    try {
      require(layout.numRows > 0, () => "Nothing has been added to this summarizer.");
      const open = <C>(request: Parameters<typeof session.openPasses<C>>[0]) => session.openPasses(request);
      const moments = await trainingMoments(layout, open, true);
      const known = attributeOf(labelField);
      const nominal = known?.type === "nominal" ? (known.numValues ?? known.values?.length) : undefined;
      const numClasses = known?.type === "binary" ? 2 : (nominal ?? moments.histogram.length);
      require(numClasses >= moments.histogram.length, () =>
        `Specified number of classes ${numClasses} was less than the number of unique labels ${moments.histogram.length}.`);
      const thresholds = this.get("thresholds") as readonly number[] | undefined;
      require(!thresholds || thresholds.length === numClasses, () =>
        `LogisticRegression.train() called with non-matching numClasses and thresholds.length. numClasses=${numClasses}, but thresholds has length ${thresholds!.length}`);
      settings = this.settings(numClasses, layout.numFeatures, (done, objective) =>
        session.events.emit({
          type: "iteration",
          uid: this.uid,
          algorithm: "LogisticRegression",
          done,
          total: this.getMaxIter(),
          objective,
        }),
      );
      const constant = moments.histogram.filter((weight) => weight !== 0).length === 1;
      if (settings.fitIntercept && constant && !hasBounds(this)) fit = constantFit(settings, moments);
      else {
        const opened = settings.multinomial
          ? { multinomial: openSoftmaxLoss(layout, open, numClasses), binomial: undefined }
          : { binomial: openLinearLoss(layout, open, { kind: "logistic", epsilon: 0 }), multinomial: undefined };
        const losses = { binomial: opened.binomial?.loss, multinomial: opened.multinomial?.loss };
        fit = await solveLogistic(losses, moments, settings).finally(() => {
          (opened.binomial ?? opened.multinomial)?.close();
          session.events.emit({ type: "iterationEnd", uid: this.uid });
        });
      }
    } finally {
      layout.release();
    }
    const { numClasses, multinomial } = settings;
    const model = this.copyValues(new LogisticRegressionModel({ ...fit, numClasses, multinomial }, this.uid));
    const { objectiveHistory } = fit;
    const values = model.summaryValues(df);
    return model.withSummary(
      numClasses <= 2
        ? new BinaryLogisticRegressionTrainingSummary(values, objectiveHistory)
        : new LogisticRegressionTrainingSummary(values, objectiveHistory),
    );
  }

  private settings(
    numClasses: number,
    numFeatures: number,
    onPass: (done: number, objective: number) => void,
  ): LogisticSettings {
    const family = this.getFamily().toLowerCase();
    const binomialFits = numClasses === 1 || numClasses === 2;
    require(family !== "binomial" || binomialFits, () =>
      `Binomial family only supports 1 or 2 outcome classes but found ${numClasses}.`);
    const multinomial = family === "multinomial" || (family === "auto" && numClasses > 2);
    const settings = {
      numClasses,
      multinomial,
      fitIntercept: this.getFitIntercept(),
      regParam: this.getRegParam(),
      elasticNetParam: this.getElasticNetParam(),
      standardization: this.getStandardization(),
      maxIter: this.getMaxIter(),
      tol: this.getTol(),
      lowerCoefficients: this.get("lowerBoundsOnCoefficients") as Matrix | undefined,
      upperCoefficients: this.get("upperBoundsOnCoefficients") as Matrix | undefined,
      lowerIntercepts: this.get("lowerBoundsOnIntercepts") as Vector | undefined,
      upperIntercepts: this.get("upperBoundsOnIntercepts") as Vector | undefined,
      onIteration: ({ iteration, adjustedValue }) => onPass(iteration, adjustedValue),
    } satisfies LogisticSettings;
    checkBounds(settings, multinomial ? numClasses : 1, numFeatures);
    return settings;
  }
}

export interface LogisticModelData {
  readonly coefficients: Matrix;
  readonly intercepts: Vector;
  readonly numClasses: number;
  readonly multinomial: boolean;
}

/** A fitted {@link LogisticRegression}. */
export interface LogisticRegressionModel extends ParamAccess<typeof logisticParams, LogisticRegressionModel> {}
export class LogisticRegressionModel extends ProbabilisticClassificationModel {
  private trainingSummary: LogisticRegressionTrainingSummary | undefined;

  constructor(
    private readonly data: LogisticModelData,
    uid?: string,
  ) {
    super({}, uid);
  }

  get numClasses(): number {
    return this.data.numClasses;
  }
  get numFeatures(): number {
    return this.data.coefficients.numCols;
  }
  get isMultinomial(): boolean {
    return this.data.multinomial;
  }
  /** One row (binomial), or one a class. */
  get coefficientMatrix(): Matrix {
    return this.data.coefficients;
  }
  /** One intercept (binomial), or one a class. */
  get interceptVector(): Vector {
    return this.data.intercepts;
  }
  /** Coefficients of a binomial model. */
  get coefficients(): Vector {
    this.requireBinomial("coefficients", "coefficientMatrix");
    const { coefficients } = this.data;
    if (coefficients instanceof DenseMatrix) return new DenseVector(coefficients.values.slice());
    const indices: number[] = [];
    const values: number[] = [];
    coefficients.foreachActive((_, j, value) => void (indices.push(j), values.push(value)));
    return new SparseVector(this.numFeatures, indices, values);
  }
  /** Intercept of a binomial model. */
  get intercept(): number {
    this.requireBinomial("intercept", "interceptVector");
    return this.data.intercepts.get(0);
  }

  private requireBinomial(wanted: string, instead: string): void {
    if (!this.isMultinomial) return;
    const what = wanted === "coefficients" ? "a matrix of coefficients" : "a vector of intercepts";
    throw new SparkException(`Multinomial models contain ${what}, use ${instead} instead.`);
  }

  setThreshold(value: number): this {
    return this.clear("thresholds").set("threshold", value);
  }
  setThresholds(value: readonly number[]): this {
    return this.clear("threshold").set("thresholds", value);
  }
  getThreshold(): number {
    return binaryThreshold(this);
  }

  /** Margins of the classes; of a binomial model minus and plus the margin of class 1. */
  predictRaw(features: Vector): Vector {
    const margins = this.data.coefficients.multiply(features).values.map((m, c) => m + this.data.intercepts.get(c));
    return new DenseVector(this.isMultinomial ? margins : Float64Array.of(-margins[0], margins[0]));
  }
  predictProbability(features: Vector): Vector {
    const values = this.predictRaw(features).toArray().slice();
    probabilities(values, 0, values.length, this.isMultinomial);
    return new DenseVector(values);
  }
  override predict(features: Vector): number {
    if (this.isMultinomial) return super.predict(features);
    return this.predictProbability(features).get(1) > this.getThreshold() ? 1 : 0;
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    checkLogisticParams(this, schema);
    const names = [this.getRawPredictionCol(), this.getProbabilityCol(), this.getPredictionCol()];
    const outputs = (["raw", "probability", "prediction"] as const).filter((_, i) => names[i] !== "");
    const threshold = this.isMultinomial ? 0.5 : this.getThreshold();
    const payload: LinearClassifier = {
      stage: "LogisticRegressionModel",
      coefficients: rowMajor(this.data.coefficients),
      intercepts: this.data.intercepts.toArray(),
      numFeatures: this.numFeatures,
      multinomial: this.isMultinomial,
      threshold,
      thresholds: this.isMultinomial ? (this.get("thresholds") as number[] | undefined) : undefined,
      outputs,
    };
    const { thresholds } = payload;
    require(!thresholds || thresholds.length === this.numClasses, () =>
      `LogisticRegressionModel.transform() called with non-matching numClasses and thresholds.length. numClasses=${this.numClasses}, but thresholds has length ${thresholds?.length}`);
    return {
      name: predictClasses.name,
      payload,
      inputs: [this.getFeaturesCol()],
      outputs: this.predictionFields(schema),
    };
  }

  get hasSummary(): boolean {
    return this.trainingSummary !== undefined;
  }
  /** What the training reported; only the model that `fit` returned has it. A binary model's has the curves too. */
  get summary(): BinaryLogisticRegressionTrainingSummary {
    const message =
      "No training summary available for this LogisticRegressionModel; fit the estimator again to get one.";
    if (!this.trainingSummary) throw new SparkException(message);
    return this.trainingSummary as BinaryLogisticRegressionTrainingSummary;
  }
  withSummary(summary: LogisticRegressionTrainingSummary): this {
    this.trainingSummary = summary;
    return this;
  }

  /** Metrics of this model on a labelled data set. */
  async evaluate(df: DataFrame): Promise<BinaryLogisticRegressionSummary> {
    const values = this.summaryValues(df);
    const summary =
      this.numClasses <= 2 ? new BinaryLogisticRegressionSummary(values) : new LogisticRegressionSummary(values);
    return summary as BinaryLogisticRegressionSummary;
  }

  /** The transformed data and its columns; columns that are switched off get a name of their own. */
  summaryValues(df: DataFrame) {
    const named = (column: string, param: string): string => (column === "" ? `${param}_${this.uid}` : column);
    const predictionCol = named(this.getPredictionCol(), "prediction");
    const probabilityCol = named(this.getProbabilityCol(), "probability");
    const model = this.copy({ predictionCol, probabilityCol });
    return {
      predictions: model.transform(df),
      predictionCol,
      probabilityCol,
      labelCol: this.getLabelCol(),
      featuresCol: this.getFeaturesCol(),
      weightCol: (this.get("weightCol") as string | undefined) ?? "weightCol",
    };
  }

  override toString(): string {
    return `LogisticRegressionModel: uid=${this.uid}, numClasses=${this.numClasses}, numFeatures=${this.numFeatures}`;
  }
}

function rowMajor(matrix: Matrix): Float64Array {
  const values = new Float64Array(matrix.numRows * matrix.numCols);
  matrix.foreachActive((i, j, value) => void (values[i * matrix.numCols + j] = value));
  return values;
}

// The accessor of the base class, declared as a property, cannot be overridden by a method in TypeScript.
for (const { prototype } of [LogisticRegression, LogisticRegressionModel]) {
  Object.defineProperty(prototype, "getThresholds", {
    configurable: true,
    value(this: LogisticRegression): number[] {
      return classThresholds(this) ?? (this.getOrDefault("thresholds") as number[]);
    },
  });
}

const schema = "label double, features vector, w double";
const rows = [
  [0, [1, 0.5], 1],
  [1, [2, 1.5], 2],
  [1, [0.5, 3], 1],
  [0, [0, 1], 0.5],
  [1, [1, 1], 1],
  [0, [1.5, 1], 1],
].map(([label, features, w]) => [label, new DenseVector(features as number[]), w]);

defineStage(LogisticRegression, {
  javaClass: "org.apache.spark.ml.classification.LogisticRegression",
  params: logisticParams,
  testCases: [
    { params: { regParam: 0.1 }, schema, rows, tolerance: 1e-6 },
    { params: { regParam: 0.1, elasticNetParam: 0.5, weightCol: "w" }, schema, rows, tolerance: 1e-6 },
    { params: { regParam: 0.1, family: "multinomial" }, schema, rows, tolerance: 1e-6 },
  ],
});
defineStage(LogisticRegressionModel, {
  javaClass: "org.apache.spark.ml.classification.LogisticRegressionModel",
  uidPrefix: "LogisticRegression",
  params: logisticParams,
  persistence: {
    tables: {
      data: new StructType([
        new StructField("numClasses", integerType, false),
        new StructField("numFeatures", integerType, false),
        new StructField("interceptVector", vectorType),
        new StructField("coefficientMatrix", matrixType),
        new StructField("isMultinomial", booleanType, false),
      ]),
    },
    toData: (model) => ({
      data: [
        [model.numClasses, model.numFeatures, model.interceptVector, model.coefficientMatrix, model.isMultinomial],
      ],
    }),
    fromData: async (saved) => {
      const [row] = await saved.rows("data");
      return new LogisticRegressionModel(
        {
          coefficients: row.coefficientMatrix as Matrix,
          intercepts: row.interceptVector as Vector,
          numClasses: row.numClasses as number,
          multinomial: row.isMultinomial as boolean,
        },
        saved.uid,
      );
    },
  },
});
