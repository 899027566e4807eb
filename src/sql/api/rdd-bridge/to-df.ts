import { RDD } from "../../../rdd/index.js";
import type { DataFrame } from "../dataframe.js";
import { SparkSession } from "../spark-session.js";
import type { SchemaLike } from "./rdd-relation.js";

declare module "../../../rdd/rdd.js" {
  // eslint-disable-next-line typescript/no-unused-vars -- the class's own parameter
  interface RDD<T> {
    /** A DataFrame of the elements; `schema` as for `createDataFrame`. The method is there once a session was made, as in PySpark. */
    toDF(schema?: SchemaLike, sampleRatio?: number): DataFrame;
  }
}

RDD.prototype.toDF = function toDF(this: RDD<unknown>, schema?: SchemaLike, sampleRatio?: number): DataFrame {
  return SparkSession.active().createDataFrame(this, schema, sampleRatio);
};
