import { SparkException } from "../../common/index.js";

/** Spark's wrapper of an error that a stage raises for one row: who was applied to what, and why it failed. */
export function udfError(stage: string, inputs: string, output: string, cause: Error): SparkException {
  const functionName = `\`${stage}\``;
  const signature = inputs;
  const kind = cause instanceof SparkException ? "org.apache.spark.SparkException" : cause.name;
  const reason = `${kind}: ${cause.message}`;
  return new SparkException(
    `User defined function (${functionName}: (${signature}) => ${output}) failed due to: ${reason}.`,
    {
      condition: "FAILED_EXECUTE_UDF",
      sqlState: "39000",
      parameters: { functionName, signature, result: output, reason },
      cause,
    },
  );
}

/** The SQL form of a vector in such an error. */
export const VECTOR_STRUCT = "struct<type:tinyint,size:int,indices:array<int>,values:array<double>>";

/** What Java reports as a null pointer: a row without a value where the stage needs one. */
export const nullRow = (stage: string, inputs: string, output: string): SparkException =>
  udfError(
    stage,
    inputs,
    output,
    new SparkException("the input is null; drop such rows first, e.g. with df.na.drop()"),
  );
