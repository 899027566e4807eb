import { Binarizer, defineStage, doubleParam, functions as F, stageDescriptor, type Params } from "../../src/index.js";
import type { DataFrame } from "../../src/sql/api/index.js";
import type { StructType } from "../../src/sql/types/index.js";
import type { Vector } from "../../src/linalg/index.js";
import { Vectors } from "../../src/linalg/index.js";
import * as checks from "./checks.js";
import type { Check } from "./checks.js";
import type { Row } from "./subject.js";

/** For each check a stage that breaks exactly that rule: a check that does not see it checks nothing. */
export interface BrokenStage {
  readonly check: Check;
  readonly what: string;
  create(): Params;
  readonly schema?: string;
  readonly rows?: readonly Row[];
}

const options = { inputCol: "x", outputCol: "out" };
const params = stageDescriptor(Binarizer).params;

class SurplusParam extends Binarizer {}
defineStage(SurplusParam, {
  javaClass: "test.SurplusParam",
  params: { ...params, surplus: doubleParam("A param Spark does not have.", { default: 1 }) },
});

class OtherDefault extends Binarizer {}
defineStage(OtherDefault, {
  javaClass: "test.OtherDefault",
  params: { ...params, threshold: doubleParam("Spark's default is 0.", { default: 1 }) },
});

class ChangesItself extends Binarizer {
  override transform(df: DataFrame): DataFrame {
    this.set("threshold", 99);
    return super.transform(df);
  }
}

let calls = 0;
class NeverTheSame extends Binarizer {
  override transform(df: DataFrame): DataFrame {
    return df.withColumn("out", F.lit(calls++));
  }
}

class MindsPartitions extends Binarizer {
  override transform(df: DataFrame): DataFrame {
    return df.withColumn("out", F.rand(1));
  }
}

class ToldWrongSchema extends Binarizer {
  override transformSchema(schema: StructType): StructType {
    return schema;
  }
}

class ForgetsOnDisk extends Binarizer {
  static override load(): Promise<never> {
    return Promise.resolve(new ForgetsOnDisk(options) as never);
  }
}
defineStage(ForgetsOnDisk, { javaClass: "test.ForgetsOnDisk", params });

class NeverEmpty extends Binarizer {
  override transform(df: DataFrame): DataFrame {
    return df.sparkSession.createDataFrame([[1]], "x double");
  }
}

class CountsStoredValues extends Binarizer {
  override transform(df: DataFrame): DataFrame {
    const stored = F.udf((v: unknown) => (v as { values: { length: number } }).values.length, "int");
    return df.withColumn("out", stored(F.col("x")));
  }
}

class ThrowsItsOwn extends Binarizer {
  override transform(): DataFrame {
    throw new RangeError("not Spark's");
  }
}

class IgnoresInput extends Binarizer {
  override transform(df: DataFrame): DataFrame {
    return df;
  }
}

const vectors: readonly Vector[] = [Vectors.dense([0, 2]), Vectors.dense([1, 0])];

export const brokenStages: readonly BrokenStage[] = [
  { check: checks.paramsEqualSpark, what: "a surplus param", create: () => new SurplusParam(options) },
  { check: checks.paramsEqualSpark, what: "another default", create: () => new OtherDefault(options) },
  { check: checks.fitChangesNothing, what: "setting its own param", create: () => new ChangesItself(options) },
  { check: checks.repeats, what: "a counter in the answer", create: () => new NeverTheSame(options) },
  { check: checks.partitionsDoNotMatter, what: "numbers by partition", create: () => new MindsPartitions(options) },
  { check: checks.schemaAgrees, what: "a schema without the output", create: () => new ToldWrongSchema(options) },
  { check: checks.singleRowsAgree, what: "numbers by row position", create: () => new MindsPartitions(options) },
  {
    check: checks.survivesDisk,
    what: "params lost in loading",
    create: () => new ForgetsOnDisk({ ...options, threshold: 3 }),
  },
  { check: checks.acceptsEmptyInput, what: "a row from nowhere", create: () => new NeverEmpty(options) },
  {
    check: checks.sparseEqualsDense,
    what: "counting stored values",
    create: () => new CountsStoredValues(options),
    schema: "x vector",
    rows: vectors.map((v) => [v]),
  },
  { check: checks.meetsBadValues, what: "an error of JavaScript's", create: () => new ThrowsItsOwn(options) },
  { check: checks.namesMissingColumns, what: "not looking at its input", create: () => new IgnoresInput(options) },
];
