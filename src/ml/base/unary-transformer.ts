import { type DataFrame, functions as F } from "../../sql/api/index.js";
import { type DataType, StructField, type StructType } from "../../sql/types/index.js";
import { declareParams, type ParamAccess, type ParamOptions } from "./param.js";
import { defineStage } from "./registry.js";
import { fieldOf, require, withColumns } from "./schema-checks.js";
import { hasInputCol, hasOutputCol } from "./shared-params.js";
import { Transformer } from "./stage.js";

const params = declareParams({ ...hasInputCol, ...hasOutputCol });

/** A transformer that applies one function to one column: subclasses say which function and what type it gives. */
export interface UnaryTransformer extends ParamAccess<typeof params, UnaryTransformer> {}
export abstract class UnaryTransformer extends Transformer {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  /** The function for one value, with the present params; it travels to the workers with the variables it closes over. */
  abstract createTransformFunc(): (value: never) => unknown;

  /** Type of the output column. */
  abstract outputDataType(): DataType;

  /** Throws when the input column's type does not fit. */
  validateInputType(_type: DataType): void {}

  override transformSchema(schema: StructType): StructType {
    this.validateInputType(fieldOf(schema, this.getInputCol()).dataType);
    const output = this.getOutputCol();
    require(!schema.has(output), () => `Output column ${output} already exists.`);
    return withColumns(schema, [new StructField(output, this.outputDataType())]);
  }

  protected override transformData(df: DataFrame): DataFrame {
    const apply = F.udf(this.createTransformFunc(), this.outputDataType());
    return df.withColumn(this.getOutputCol(), apply(F.col(this.getInputCol())));
  }
}

defineStage(UnaryTransformer, { javaClass: "org.apache.spark.ml.UnaryTransformer", params });
