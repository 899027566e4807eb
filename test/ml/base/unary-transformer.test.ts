import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type DataType,
  doubleType,
  IllegalArgumentException,
  SparkSession,
  StringType,
  UnaryTransformer,
} from "../../../src/index.js";

class Scaled extends UnaryTransformer {
  factor = 3;
  override createTransformFunc(): (value: number) => number {
    const { factor } = this;
    return (value) => value * factor;
  }
  override outputDataType(): DataType {
    return doubleType;
  }
  override validateInputType(type: DataType): void {
    if (type instanceof StringType) throw new IllegalArgumentException(`cannot scale a ${type.simpleString()}`);
  }
}

let spark: SparkSession;
beforeAll(() => {
  spark = SparkSession.builder.master("local[2]").getOrCreate();
});
afterAll(() => spark.stop());

test("applies its function with what it closes over", async () => {
  const df = spark.createDataFrame([[1.5], [-2]], "x double");
  const scaled = new Scaled({ inputCol: "x", outputCol: "y" });
  expect((await scaled.transform(df).collect()).map((row) => row.get("y"))).toEqual([4.5, -6]);
  expect(scaled.transformSchema(await df.schema()).fieldNames).toEqual(["x", "y"]);
});

test("checks its input", async () => {
  const df = spark.createDataFrame([["a", 1]], "s string, x double");
  const schema = await df.schema();
  expect(() => new Scaled({ inputCol: "s", outputCol: "y" }).transformSchema(schema)).toThrow("cannot scale a string");
  expect(() => new Scaled({ inputCol: "x", outputCol: "s" }).transformSchema(schema)).toThrow("already exists");
});
