// Will a flight out of New York arrive more than 15 minutes late? Trains, tunes and saves a pipeline, then scores all
// flights with it in a new process and prints what came out. Run it with `npm run example`.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  BinaryClassificationEvaluator,
  CrossValidator,
  functions as F,
  Imputer,
  LogisticRegression,
  OneHotEncoder,
  ParamGridBuilder,
  Pipeline,
  PipelineModel,
  SparkSession,
  StandardScaler,
  StringIndexer,
  VectorAssembler,
} from "kindling";
import { categories, flightData, measures } from "./flight-data.js";

async function train(spark: SparkSession, modelPath: string): Promise<void> {
  const known = flightData(spark).where(F.col("delayed").isNotNull());
  const [training, heldOut] = known.randomSplit([0.8, 0.2], 42);

  const indexed = categories.map((name) => `${name}_index`);
  const encoded = categories.map((name) => `${name}_vector`);
  const filled = measures.map((name) => `${name}_filled`);
  const lr = new LogisticRegression({ labelCol: "delayed", featuresCol: "scaled", maxIter: 50 });
  const pipeline = new Pipeline({
    stages: [
      new StringIndexer({ inputCols: categories, outputCols: indexed, handleInvalid: "keep" }),
      new OneHotEncoder({ inputCols: indexed, outputCols: encoded }),
      new Imputer({ inputCols: measures, outputCols: filled, strategy: "median" }),
      new VectorAssembler({ inputCols: [...encoded, ...filled], outputCol: "features" }),
      new StandardScaler({ inputCol: "features", outputCol: "scaled" }),
      lr,
    ],
  });
  const grid = new ParamGridBuilder()
    .addGrid(lr.regParam, [0.0001, 0.001, 0.01])
    .addGrid(lr.elasticNetParam, [0, 0.5])
    .build();
  const evaluator = new BinaryClassificationEvaluator({ labelCol: "delayed" });
  const validator = new CrossValidator({
    estimator: pipeline,
    estimatorParamMaps: grid,
    evaluator,
    numFolds: 3,
    parallelism: 2,
    seed: 42,
  });

  const tuned = await validator.fit(training);
  console.log("\nArea under ROC of each setting, mean of 3 folds:");
  grid.forEach((map, i) => {
    const setting = `regParam ${map.get(lr.regParam)}, elasticNetParam ${map.get(lr.elasticNetParam)}`;
    console.log(`  ${setting.padEnd(40)} ${tuned.avgMetrics[i].toFixed(4)}`);
  });
  console.log(
    `On ${await heldOut.count()} flights that took no part in it: ${(await evaluator.evaluate(tuned.transform(heldOut))).toFixed(4)}`,
  );
  await tuned.bestModel.write().overwrite().save(modelPath);
  console.log(`Saved the best pipeline to ${modelPath}`);
}

async function score(spark: SparkSession, modelPath: string, outputPath: string): Promise<void> {
  const model = await PipelineModel.load(modelPath);
  const scored = model
    .transform(flightData(spark))
    .withColumn("risk", F.vectorToArray(F.col("probability")).getItem(1));
  await scored
    .select("month", "day", "carrier", "flight", "origin", "dest", "arr_delay", "delayed", "risk", "prediction")
    .write.mode("overwrite")
    .partitionBy("month")
    .parquet(outputPath);

  const written = spark.read.parquet(outputPath);
  console.log(`\nScored ${await written.count()} flights into ${outputPath}, one folder a month:`);
  await written
    .groupBy("month")
    .agg(
      F.count("*").alias("flights"),
      F.round(F.avg("delayed"), 3).alias("late"),
      F.round(F.avg("risk"), 3).alias("predicted"),
    )
    .orderBy("month")
    .show();
  console.log("The carriers, by predicted risk:");
  await written
    .groupBy("carrier")
    .agg(F.round(F.avg("delayed"), 3).alias("late"), F.round(F.avg("risk"), 3).alias("predicted"))
    .orderBy(F.col("predicted").desc())
    .show();
}

const [task, modelPath, outputPath] = process.argv.slice(2);
if (task === "score") {
  await using spark = await SparkSession.builder.appName("flight delays: scoring").getOrCreate();
  await score(spark, modelPath, outputPath);
} else {
  const folder = mkdtempSync(join(tmpdir(), "flight-delays-"));
  try {
    const model = join(folder, "model");
    {
      await using spark = await SparkSession.builder.appName("flight delays: training").getOrCreate();
      await train(spark, model);
    }
    const program = [...process.execArgv, fileURLToPath(import.meta.url), "score", model, join(folder, "scored")];
    const { status } = spawnSync(process.execPath, program, { stdio: "inherit" });
    process.exitCode = status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
