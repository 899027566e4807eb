import { type Column, columnBuilder, f64Column, type NumberColumn, valueAt } from "../../columnar/index.js";
import { IllegalArgumentException } from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { type Vector, Vectors } from "../../linalg/index.js";
import { DoubleType, doubleType, StructField, type StructType, VectorUDT } from "../../sql/types/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import {
  attributeMetadata,
  checkSingleVsMultiColumnParams,
  type ColumnFunction,
  declareParams,
  defineStage,
  doubleArrayParam,
  doubleParam,
  fieldOf,
  groupMetadata,
  groupOf,
  hasInputCol,
  hasInputCols,
  hasOutputCol,
  hasOutputCols,
  inputOutputColumns,
  namedColumn,
  type ParamAccess,
  type ParamOptions,
  require,
  scalaTypeName,
  Transformer,
} from "../base/index.js";

const params = declareParams({
  ...hasInputCol,
  ...hasInputCols,
  ...hasOutputCol,
  ...hasOutputCols,
  threshold: doubleParam("Values above it become 1, all others 0.", { default: 0 }),
  thresholds: doubleArrayParam("One threshold for each of several input columns."),
});

/** Turns numbers, or the elements of vectors, into 1 above a threshold and 0 elsewhere. */
export interface Binarizer extends ParamAccess<typeof params, Binarizer> {}
export class Binarizer extends Transformer {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    checkSingleVsMultiColumnParams(this, ["outputCol"], ["outputCols"]);
    const { inputs, outputs, multiple } = inputOutputColumns(this);
    const lengths = [inputs.length, outputs.length];
    const separate = multiple && this.isSet("thresholds");
    if (separate) lengths.push(this.getThresholds().length);
    require(lengths.every((n) => n === inputs.length), () =>
      `Binarizer ${String(this)} has mismatched Params for multi-column transform. Params (inputCols, outputCols` +
      `${separate ? ", thresholds" : ""}) should have equal lengths, but they have different lengths: (${lengths.join(", ")}).`);
    require(!(separate && this.isSet("threshold")), () =>
      "exactly one of threshold, thresholds Params to be set, but both are set.");
    return {
      name: binarize.name,
      payload: { thresholds: separate ? this.getThresholds() : inputs.map(() => this.getThreshold()) },
      inputs: [...inputs],
      outputs: outputs.map((output, i) => this.outputField(schema, inputs[i], output)),
    };
  }

  private outputField(schema: StructType, input: string, output: string): StructField {
    require(!schema.has(output), () => `Output column ${output} already exists.`);
    const type = fieldOf(schema, input).dataType;
    if (type instanceof VectorUDT) return new StructField(output, type);
    if (type instanceof DoubleType) {
      return new StructField(output, doubleType, true, attributeMetadata({ type: "binary" }));
    }
    throw new IllegalArgumentException(`Data type ${scalaTypeName(type)} is not supported.`);
  }

  /** Spark looks at the first row for the width of vectors that the schema does not give. */
  protected override transformData(df: DataFrame): DataFrame {
    return df.mapColumns(async (schema: StructType) => {
      const fn = this.columnFunction(schema);
      const outputs: StructField[] = [];
      for (const [i, field] of fn.outputs.entries()) {
        const size = field.dataType instanceof VectorUDT ? await vectorSize(df, schema, fn.inputs[i]) : undefined;
        const metadata = size === undefined ? field.metadata : groupMetadata({ size });
        outputs.push(new StructField(field.name, field.dataType, field.nullable, metadata));
      }
      return { ...fn, outputs };
    });
  }

  override toString(): string {
    const count = (name: string, columns: string): string =>
      this.isSet(columns) ? `, ${name}=${(this.getOrDefault(columns) as readonly string[]).length}` : "";
    return `Binarizer: uid=${this.uid}${count("numInputCols", "inputCols")}${count("numOutputCols", "outputCols")}`;
  }
}

async function vectorSize(df: DataFrame, schema: StructType, column: string): Promise<number | undefined> {
  const known = groupOf(fieldOf(schema, column)).size;
  if (known !== undefined) return known;
  const row = await df.select(namedColumn(column)).first();
  return (row?.get(0) as Vector | null | undefined)?.size;
}

const binarize = defineBatchFunction<{ readonly thresholds: readonly number[] }>({
  name: "ml.binarizer",
  open:
    ({ thresholds }) =>
    (columns, numRows) => ({
      columns: columns.map((column, i) =>
        column.layout === "vector"
          ? binarizeVectors(column, numRows, thresholds[i])
          : binarizeNumbers(column as NumberColumn, numRows, thresholds[i]),
      ),
    }),
});

function binarizeNumbers(column: NumberColumn, numRows: number, threshold: number): Column {
  const values = new Float64Array(numRows);
  for (let i = 0; i < numRows; i++) values[i] = column.values[i] > threshold ? 1 : 0;
  return f64Column(values, column.validity);
}

function binarizeVectors(column: Column, numRows: number, threshold: number): Column {
  const builder = columnBuilder("vector", numRows);
  for (let i = 0; i < numRows; i++) {
    const vector = valueAt(column, i) as Vector | null;
    builder.append(vector && binarizeVector(vector, threshold));
  }
  return builder.finish();
}

/** Below zero, the zeros that a sparse vector does not store become ones, so the result starts dense. */
function binarizeVector(vector: Vector, threshold: number): Vector {
  const above = (v: number): number => (v > threshold ? 1 : 0);
  if (threshold < 0 || !("indices" in vector)) return Vectors.dense(vector.toArray().map(above)).compressed();
  const { size, indices, values } = vector.toSparse();
  return Vectors.sparse(size, indices, values.map(above)).compressed();
}

defineStage(Binarizer, {
  javaClass: "org.apache.spark.ml.feature.Binarizer",
  params,
  testCases: [
    {
      params: { inputCol: "x", outputCol: "out", threshold: 0.5 },
      schema: "x double",
      rows: [[0], [0.5], [0.7], [Number.NaN], [null], [-3]],
    },
    {
      params: { inputCol: "v", outputCol: "out", threshold: -1 },
      schema: "v vector",
      rows: [[Vectors.dense([1, -2])], [Vectors.sparse(2, [0], [-5])]],
    },
  ],
});
