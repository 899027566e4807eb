import {
  ALS,
  BinaryClassificationEvaluator,
  CrossValidator,
  KMeans,
  LinearRegression,
  LogisticRegression,
  ParamGridBuilder,
  VectorAssembler,
  type DataFrame,
  type SparkSession,
} from "../src/index.js";
import type { Workload } from "./workloads.js";

/** What a side reports of one workload: seconds of the first and of the warm runs, and what it computed. */
export interface Measurement {
  readonly name: string;
  readonly first: number;
  readonly warm: readonly number[];
  readonly result: number | readonly number[];
}

type Prepared = { readonly frame: DataFrame; readonly run: () => Promise<number | number[]> };

async function cachedVectors(spark: SparkSession, w: Workload, path: string, extra: string[]): Promise<DataFrame> {
  const inputCols = Array.from({ length: w.columns }, (_, i) => `f${i}`);
  const assembler = new VectorAssembler({ inputCols, outputCol: "features" });
  const frame = assembler
    .transform(spark.read.parquet(path))
    .select("features", ...extra)
    .cache();
  await frame.count();
  return frame;
}

const norms = async (factors: DataFrame): Promise<number> => {
  let total = 0;
  for await (const row of factors.toLocalIterator()) {
    for (const x of row.get("features") as number[]) total += x * x;
  }
  return total;
};

const sides: Readonly<Record<string, (spark: SparkSession, w: Workload, path: string) => Promise<Prepared>>> = {
  "logistic-regression": async (spark, w, path) => {
    const frame = await cachedVectors(spark, w, path, ["label"]);
    const { maxIter, regParam, tol } = w.params;
    const run = async (): Promise<number> => {
      const model = await new LogisticRegression({ maxIter, regParam, tol }).fit(frame);
      return model.summary.objectiveHistory.at(-1) as number;
    };
    return { frame, run };
  },
  "linear-regression": async (spark, w, path) => {
    const frame = await cachedVectors(spark, w, path, ["target"]);
    const { regParam } = w.params;
    const run = async (): Promise<number[]> => {
      const model = await new LinearRegression({ labelCol: "target", solver: "normal", regParam }).fit(frame);
      return [...model.coefficients.toArray(), model.intercept];
    };
    return { frame, run };
  },
  "k-means": async (spark, w, path) => {
    const frame = await cachedVectors(spark, w, path, []);
    const { k, maxIter, tol, seed } = w.params;
    const run = async (): Promise<number> => {
      const model = await new KMeans({ k, maxIter, tol, seed, initMode: "random" }).fit(frame);
      return model.summary.trainingCost;
    };
    return { frame, run };
  },
  als: async (spark, w, path) => {
    const frame = spark.read.parquet(path).cache();
    await frame.count();
    const { rank, maxIter, regParam, alpha, seed } = w.params;
    const als = new ALS({
      rank,
      maxIter,
      regParam,
      alpha,
      implicitPrefs: true,
      seed,
      numUserBlocks: 4,
      numItemBlocks: 4,
    });
    const run = async (): Promise<number[]> => {
      const model = await als.fit(frame);
      return [await norms(model.userFactors), await norms(model.itemFactors)];
    };
    return { frame, run };
  },
  "cross-validation": async (spark, w, path) => {
    const frame = await cachedVectors(spark, w, path, ["label"]);
    const { maxIter, folds, seed, parallelism } = w.params;
    const run = async (): Promise<number[]> => {
      const lr = new LogisticRegression({ maxIter });
      const grid = new ParamGridBuilder()
        .addGrid(lr.regParam, [0, 0.01, 0.1])
        .addGrid(lr.elasticNetParam, [0, 0.5, 1])
        .build();
      const evaluator = new BinaryClassificationEvaluator();
      const cv = new CrossValidator({
        estimator: lr,
        estimatorParamMaps: grid,
        evaluator,
        numFolds: folds,
        seed,
        parallelism,
      });
      return [...(await cv.fit(frame)).avgMetrics];
    };
    return { frame, run };
  },
};
/** Runs one workload in this process on an open session. */
export async function measure(spark: SparkSession, w: Workload, path: string): Promise<Measurement> {
  const { frame, run } = await sides[w.name](spark, w, path);
  const times: number[] = [];
  let result: number | number[] = [];
  for (let i = 0; i <= w.repeats; i++) {
    const begin = performance.now();
    result = await run();
    times.push((performance.now() - begin) / 1000);
  }
  await frame.unpersist();
  return { name: w.name, first: times[0], warm: times.slice(1), result };
}
