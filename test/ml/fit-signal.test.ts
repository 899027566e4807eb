import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ALS,
  BinaryClassificationEvaluator,
  CrossValidator,
  type DataFrame,
  type Estimator,
  KMeans,
  LinearRegression,
  LogisticRegression,
  type Model,
  ParamGridBuilder,
  Pipeline,
  SparkSession,
  StandardScaler,
  TrainValidationSplit,
  Vectors,
} from "../../src/index.js";
import { generator } from "../kernels/arena.js";

let spark: SparkSession;
let rows: DataFrame;
beforeAll(() => {
  spark = SparkSession.builder.master("local[2]").create();
  const random = generator(3);
  const data = Array.from({ length: 400 }, (_, i) => [
    Vectors.dense([random(), random(), i % 5]),
    Math.floor(random() + 0.5),
    i % 20,
    i % 13,
  ]);
  rows = spark.createDataFrame(data, "features vector, label double, user int, item int", 3);
});
afterAll(() => spark.stop());

const logistic = new LogisticRegression({ tol: 0 });
const tuning = {
  estimator: logistic,
  estimatorParamMaps: new ParamGridBuilder().addGrid(logistic.regParam, [0, 0.1]).build(),
  evaluator: new BinaryClassificationEvaluator(),
  seed: 1,
};
const scaler = new StandardScaler({ inputCol: "features", outputCol: "scaled" });
const estimators: readonly Estimator<Model>[] = [
  logistic,
  new LogisticRegression({ tol: 0, family: "multinomial" }),
  new LinearRegression({ tol: 0, solver: "l-bfgs", elasticNetParam: 0.5, regParam: 0.01 }),
  new KMeans({ k: 30, tol: 0, seed: 1 }),
  new ALS({ ratingCol: "label", seed: 1 }),
  new Pipeline({ stages: [scaler, logistic] }),
  new CrossValidator({ ...tuning, parallelism: 2 }),
  new TrainValidationSplit(tuning),
];

/** Does something once an estimator has come to its second iteration. */
function atSecondIteration(what: () => void): () => void {
  return spark.events.on((event) => {
    if (event.type === "iteration" && event.done === 2) what();
  });
}

describe.each(estimators.map((estimator) => [estimator.constructor.name, estimator] as const))(
  "%s.fit",
  (_, estimator) => {
    it("ends with the reason of a signal that fires while it trains, and trains again", async () => {
      const abort = new AbortController();
      const off = atSecondIteration(() => abort.abort(new Error("that is enough")));
      try {
        await expect(estimator.fit(rows, { signal: abort.signal })).rejects.toThrow("that is enough");
      } finally {
        off();
      }
      await expect(estimator.fit(rows, {}, { signal: new AbortController().signal })).resolves.toBeDefined();
    });

    it("does not begin when the signal has fired", async () => {
      const signal = AbortSignal.abort(new Error("too late"));
      await expect(estimator.fit(rows, undefined, { signal })).rejects.toThrow("too late");
      await expect(estimator.fit(rows, [{}], { signal })).rejects.toThrow("too late");
    });

    it("ends when its job is cancelled", async () => {
      const off = atSecondIteration(() => spark.state.scheduler.cancelAll(new Error("the cluster is needed")));
      try {
        await expect(estimator.fit(rows)).rejects.toThrow("the cluster is needed");
      } finally {
        off();
      }
    });
  },
);

it("a signal among params leaves the params in force", async () => {
  const { signal } = new AbortController();
  const [plain, signalled] = await Promise.all([
    logistic.fit(rows, { regParam: 0.5 }),
    logistic.fit(rows, { regParam: 0.5, signal }),
  ]);
  expect((signalled as unknown as { intercept: number }).intercept).toBe(
    (plain as unknown as { intercept: number }).intercept,
  );
});
