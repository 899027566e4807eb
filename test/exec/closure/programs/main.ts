import { SparkSession } from "../../../../src/index.js";
import { failedCases } from "./run-cases.js";

const spark = SparkSession.builder.master("local[2]").config("spark.ui.showConsoleProgress", false).getOrCreate();
console.log(JSON.stringify(await failedCases(spark)));
await spark.stop();
