import { IllegalArgumentException, SparkException } from "../../common/index.js";
import { DenseVector, type Vector } from "../../linalg/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import {
  ArrayType,
  doubleType,
  floatType,
  integerType,
  StructField,
  StructType,
  vectorType,
} from "../../sql/types/index.js";
import {
  appendColumn,
  attributeMetadata,
  checkColumnTypes,
  type ColumnFunction,
  declareParams,
  defineStage,
  Estimator,
  fieldOf,
  gtEq,
  hasDistanceMeasure,
  hasFeaturesCol,
  hasIntermediateStorageLevel,
  hasMaxBlockSizeInMB,
  hasMaxIter,
  hasPredictionCol,
  hasSeed,
  hasTol,
  hasWeightCol,
  intParam,
  layoutInstances,
  type InstanceLayout,
  Model,
  oneOf,
  type ParamAccess,
  type ParamOptions,
  type Params,
  stringParam,
  type FitOptions,
} from "../base/index.js";
import { flat } from "./kmeans-init.js";
import { KMeansPoints } from "./kmeans-points.js";
import { KMeansSummary } from "./kmeans-summary.js";
import { type Centers, nearestCluster, predictClusters } from "./predict-clusters.js";
import { type KMeansFit, trainKMeans } from "./train-kmeans.js";

const params = declareParams({
  ...hasFeaturesCol,
  ...hasPredictionCol,
  ...hasDistanceMeasure,
  ...hasWeightCol,
  ...hasSeed,
  ...hasMaxBlockSizeInMB,
  ...hasIntermediateStorageLevel,
  maxIter: { ...hasMaxIter.maxIter, default: 20 },
  tol: { ...hasTol.tol, default: 1e-4 },
  k: intParam("Number of clusters (>= 2); fewer come out when there are fewer distinct points.", {
    default: 2,
    valid: gtEq(2),
  }),
  initMode: stringParam("How the first centres are found: k-means|| or random.", {
    default: "k-means||",
    valid: oneOf("random", "k-means||"),
  }),
  initSteps: intParam("Number of rounds of k-means|| (>= 1).", { default: 2, valid: gtEq(1) }),
  solver: stringParam(
    "Spark's way of adding up: auto, row or block; here they differ in initial cosine centres only.",
    {
      default: "auto",
      valid: oneOf("auto", "row", "block"),
    },
  ),
});

const featureTypes = [vectorType, new ArrayType(doubleType, false), new ArrayType(floatType, false)];

function clusteringSchema(stage: Params, schema: StructType): StructType {
  checkColumnTypes(schema, stage.getOrDefault("featuresCol") as string, featureTypes);
  return appendColumn(schema, stage.getOrDefault("predictionCol") as string, integerType);
}

/** k-means clustering with k-means|| initialisation (Bahmani et al., "Scalable k-means++", 2012) and Lloyd's iterations. */
export interface KMeans extends ParamAccess<typeof params, KMeans> {}
export class KMeans extends Estimator<KMeansModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override transformSchema(schema: StructType): StructType {
    return clusteringSchema(this, schema);
  }

  protected async train(df: DataFrame, options: FitOptions): Promise<KMeansModel> {
    const weight = this.get("weightCol") as string | undefined;
    const layout = await layoutInstances(
      df,
      { features: this.getFeaturesCol(), weight, maxBlockSizeInMB: this.getMaxBlockSizeInMB() },
      options,
    );
    const fit = await this.cluster(df, layout, options).finally(() => layout.release());
    const model = this.copyValues(
      new KMeansModel(
        fit.centers.map((center) => new DenseVector(center)),
        this.uid,
      ),
    );
    const { numIter, clusterSizes, trainingCost } = fit;
    const columns = { predictionCol: this.getPredictionCol(), featuresCol: this.getFeaturesCol() };
    const predictions = model.transform(df);
    return model.withSummary(
      new KMeansSummary({ predictions, ...columns, k: this.getK(), numIter, clusterSizes }, trainingCost),
    );
  }

  private async cluster(df: DataFrame, layout: InstanceLayout, { signal }: FitOptions): Promise<KMeansFit> {
    const [solver, cosine] = [this.getSolver(), this.getDistanceMeasure() === "cosine"];
    if (layout.numRows === 0) {
      throw new IllegalArgumentException(
        `requirement failed: ${solver === "auto" ? "Nothing has been added to this summarizer." : "No samples available"}`,
      );
    }
    const session = df.sparkSession;
    const points = new KMeansPoints({
      layout,
      open: (request) => session.openPasses(request),
      k: this.getK(),
      cosine,
      pieces: 4 * session.parallelism,
      signal,
    });
    try {
      if (cosine && (await points.findLengths()) > 0) {
        throw new IllegalArgumentException("assertion failed: Cosine distance is not defined for zero-length vectors.");
      }
      // Spark means to choose by sparsity but adds up feature numbers instead of counts, and so gets this rule.
      const block = solver === "block" || (solver === "auto" && layout.numFeatures - 1 >= layout.numRows);
      const total = this.getMaxIter();
      return await trainKMeans(
        points,
        {
          k: this.getK(),
          initMode: this.getInitMode(),
          initSteps: this.getInitSteps(),
          maxIter: total,
          tol: this.getTol(),
          seed: this.getSeed(),
          normalizeInitial: block && cosine,
        },
        (done) => session.events.emit({ type: "iteration", uid: this.uid, algorithm: "KMeans", done, total }),
      );
    } finally {
      points.close();
      session.events.emit({ type: "iterationEnd", uid: this.uid });
    }
  }
}

/** Clusters found by {@link KMeans}. */
export interface KMeansModel extends ParamAccess<typeof params, KMeansModel> {}
export class KMeansModel extends Model {
  private trainingSummary: KMeansSummary | undefined;

  constructor(
    private readonly centers: readonly Vector[],
    uid?: string,
  ) {
    super({}, uid);
  }

  /** The centres, by cluster number. */
  clusterCenters(): Float64Array[] {
    return this.centers.map((center) => center.toArray().slice());
  }

  get numFeatures(): number {
    return this.centers[0].size;
  }

  get hasSummary(): boolean {
    return this.trainingSummary !== undefined;
  }

  /** What the training reported; only the model that `fit` returned has it. */
  get summary(): KMeansSummary {
    if (this.trainingSummary) return this.trainingSummary;
    throw new SparkException("No training summary available for this KMeansModel; fit the estimator again to get one.");
  }

  withSummary(summary: KMeansSummary): this {
    this.trainingSummary = summary;
    return this;
  }

  /** Number of the cluster whose centre is nearest. */
  predict(features: Vector): number {
    return nearestCluster(this.plainCenters(), features);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    const prediction = this.getPredictionCol();
    fieldOf(clusteringSchema(this, schema), prediction);
    const numValues = this.centers.length;
    return {
      name: predictClusters.name,
      payload: this.plainCenters(),
      inputs: [this.getFeaturesCol()],
      outputs: [new StructField(prediction, integerType, false, attributeMetadata({ type: "nominal", numValues }))],
    };
  }

  private plainCenters(): Centers {
    const values = flat(this.centers.map((center) => center.toArray()));
    return { values, size: this.numFeatures, cosine: this.getDistanceMeasure() === "cosine" };
  }

  override toString(): string {
    return (
      `KMeansModel: uid=${this.uid}, k=${this.centers.length}, distanceMeasure=${this.getDistanceMeasure()}, ` +
      `numFeatures=${this.numFeatures}`
    );
  }
}

const square = [
  [0, 0],
  [0, 1],
  [9, 8],
  [8, 9],
  [1, 1],
  [9, 9],
].map((point) => [new DenseVector(point), point[0] + 1]);
const schema = "features vector, w double";
defineStage(KMeans, {
  javaClass: "org.apache.spark.ml.clustering.KMeans",
  params,
  testCases: [
    { params: { seed: 1 }, schema, rows: square, tolerance: 1e-9 },
    { params: { seed: 1, weightCol: "w", initMode: "random" }, schema, rows: square, tolerance: 1e-9 },
    { params: { seed: 3, distanceMeasure: "cosine", maxIter: 2 }, schema, rows: square.slice(1), tolerance: 1e-9 },
  ],
});
defineStage(KMeansModel, {
  javaClass: "org.apache.spark.ml.clustering.KMeansModel",
  uidPrefix: "KMeans",
  params,
  persistence: {
    tables: {
      data: new StructType([
        new StructField("clusterIdx", integerType, false),
        new StructField("clusterCenter", vectorType, true),
      ]),
    },
    toData: (model) => ({ data: model.clusterCenters().map((center, index) => [index, new DenseVector(center)]) }),
    fromData: async (saved) => {
      const rows = [...(await saved.rows("data"))] as { clusterIdx: number; clusterCenter: Vector }[];
      rows.sort((a, b) => a.clusterIdx - b.clusterIdx);
      return new KMeansModel(
        rows.map((row) => row.clusterCenter),
        saved.uid,
      );
    },
  },
});
