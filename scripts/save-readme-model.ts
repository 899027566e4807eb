// Trains the README's pipeline and saves it as models/plane-engines: `npx tsx scripts/save-readme-model.ts`.
import { fileURLToPath } from "node:url";
import { functions as F, LogisticRegression, Pipeline, SparkSession, StringIndexer, VectorAssembler } from "kindling";

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
await using spark = await SparkSession.builder.master("local[1]").getOrCreate();
const planes = spark.read
  .option("header", "true")
  .option("inferSchema", "true")
  .option("nullValue", "NA")
  .csv(at("datasets/nycflights13/planes.csv"))
  .withColumn("turbofan", F.col("engine").eq("Turbo-fan").cast("double"));
const inputCols = ["year", "engines", "seats", "maker"];
const pipeline = new Pipeline({
  stages: [
    new StringIndexer({ inputCol: "manufacturer", outputCol: "maker", handleInvalid: "keep" }),
    new VectorAssembler({ inputCols, outputCol: "features", handleInvalid: "skip" }),
    new LogisticRegression({ labelCol: "turbofan", regParam: 0.01 }),
  ],
});
const model = await pipeline.fit(planes);
await model.write().overwrite().save(at("models/plane-engines"));
