import { F, type SparkSession } from "../../../../src/index.js";
import { casesOf, ranOnDriver } from "./cases.js";

/** Runs every case on a worker; gives what went wrong, one line a case. */
export async function failedCases(spark: SparkSession): Promise<string[]> {
  const failures: string[] = [];
  const one = spark.range(0, 1, 1, 1);
  for (const [name, fn, expected] of casesOf(spark, 1)) {
    let got: string;
    try {
      const text = F.udf(() => JSON.stringify(fn()))();
      got = String((await one.select(text.alias("text")).collect())[0].text);
    } catch (error) {
      got = String(error);
    }
    const ok = expected instanceof RegExp ? expected.test(got) : got === JSON.stringify(expected);
    if (!ok)
      failures.push(`${name}: ${got}, not ${expected instanceof RegExp ? String(expected) : JSON.stringify(expected)}`);
  }
  if (ranOnDriver() > 0) failures.push(`code of the cases ran on the driver ${ranOnDriver()} times`);
  return failures;
}
