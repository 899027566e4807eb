import { SparkSession, F } from "../src/index.js";
import * as E from "../src/ml/evaluation/index.js";
const spark = SparkSession.builder.master("local[2]").getOrCreate();
const df = spark.range(0, 1_000_000, 1, 2).select(F.rand(1).alias("rawPrediction"), F.rand(2).gt(0.4).cast("double").alias("label"), F.rand(3).alias("w"), F.rand(4).multiply(3).cast("int").cast("double").alias("prediction")).cache();
console.log(await df.count());
for (let k = 0; k < 4; k++) for (const o of [{}, {numBins:0}, {weightCol:"w"}] as any[]) { const t=performance.now(); const v=await new E.BinaryClassificationEvaluator(o).evaluate(df); console.log(JSON.stringify(o), v, (performance.now()-t).toFixed(1)+"ms"); }
for (const e of [new E.MulticlassClassificationEvaluator(), new E.RegressionEvaluator()]) { let t=performance.now(); await e.evaluate(df); t=performance.now(); await e.evaluate(df); console.log(e.constructor.name,(performance.now()-t).toFixed(1)+"ms"); }
await spark.stop();
