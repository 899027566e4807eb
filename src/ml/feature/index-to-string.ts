import { type BytesColumn, type Column, isNull, utf8Column } from "../../columnar/index.js";
import {
  ArithmeticException,
  IllegalArgumentException,
  javaDouble,
  SparkRuntimeException,
} from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { type DataType, StructField, type StructType, stringType } from "../../sql/types/index.js";
import {
  attributeOf,
  type ColumnFunction,
  declareParams,
  defineStage,
  fieldOf,
  hasInputCol,
  hasOutputCol,
  isNumericType,
  type ParamAccess,
  type ParamOptions,
  require,
  scalaTypeName,
  stringArrayParam,
  Transformer,
} from "../base/index.js";
import { numbersOf, scaleOf } from "./numeric-reader.js";
import { textReader } from "./text-reader.js";

const params = declareParams({
  ...hasInputCol,
  ...hasOutputCol,
  labels: stringArrayParam("Labels by index; when absent, those in the metadata of the input column."),
});

/** Maps indices back to their labels: the inverse of StringIndexer. */
export interface IndexToString extends ParamAccess<typeof params, IndexToString> {}
export class IndexToString extends Transformer {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    const field = fieldOf(schema, this.getInputCol());
    const type = field.dataType;
    require(isNumericType(type), () =>
      `The input column ${field.name} must be a numeric type, but got ${scalaTypeName(type)}.`);
    const output = this.getOutputCol();
    require(!schema.has(output), () => `Output column ${output} already exists.`);
    return {
      name: lookUpLabels.name,
      payload: { labels: this.labelsFor(field), scale: scaleOf(type), type: typeName(type) },
      inputs: [field.name],
      outputs: [new StructField(output, stringType)],
    };
  }

  private labelsFor(field: StructField): readonly string[] {
    const set = this.get("labels") as readonly string[] | undefined;
    if (set && set.length > 0) return set;
    const attribute = attributeOf(field);
    if (attribute?.type === "nominal" && attribute.values) return attribute.values;
    throw new IllegalArgumentException(
      `Column ${field.name} carries no labels in its metadata; set the param labels of ${this.uid}, or give it a column that StringIndexer made`,
    );
  }
}

const typeName = (type: DataType): string => type.sql();

interface LookUpPayload {
  readonly labels: readonly string[];
  readonly scale: number;
  readonly type: string;
}

const lookUpLabels = defineBatchFunction<LookUpPayload>({
  name: "ml.indexToString",
  open({ labels, scale, type }) {
    const dictionary = utf8Column(labels);
    return (columns, numRows) => {
      const indices = labelIndices(columns[0], numRows, scale, type);
      for (let i = 0; i < numRows; i++) {
        if (!(indices[i] >= 0 && indices[i] < labels.length) || isNull(columns[0], i)) {
          throw unseenIndex(isNull(columns[0], i) ? "null" : String(indices[i]));
        }
      }
      return { columns: [spread(dictionary, indices)] };
    };
  },
});

const unseenIndex = (index: string): SparkRuntimeException => {
  const errorMessage = `Unseen index: ${index} ??`;
  return new SparkRuntimeException(errorMessage, {
    condition: "USER_RAISED_EXCEPTION",
    sqlState: "P0001",
    parameters: { errorMessage },
  });
};

/** Values cast to int as Spark's ANSI cast does: towards zero, an error outside of the range. */
function labelIndices(column: Column, numRows: number, scale: number, type: string): Int32Array {
  const values = numbersOf(column, scale);
  const out = new Int32Array(numRows);
  for (let i = 0; i < numRows; i++) {
    const value = Math.trunc(values[i]);
    if (!(value >= -2147483648 && value <= 2147483647) && !isNull(column, i)) throw overflow(column, i, scale, type);
    out[i] = value;
  }
  return out;
}

function overflow(column: Column, i: number, scale: number, type: string): ArithmeticException {
  const isDouble = column.layout === "f64" || column.layout === "f32";
  const text = isDouble ? javaDouble(numbersOf(column, scale)[i]) : textReader(column, scale)(i)!;
  const value = isDouble && Number.isFinite(Number(text)) ? `${text}D` : column.layout === "i64" ? `${text}L` : text;
  return new ArithmeticException(
    `The value ${value} of the type "${type}" cannot be cast to "INT" due to an overflow. Use \`try_cast\` to tolerate overflow and return NULL instead.`,
    {
      condition: "CAST_OVERFLOW",
      sqlState: "22003",
      parameters: { value, sourceType: `"${type}"`, targetType: '"INT"' },
    },
  );
}

function spread(dictionary: BytesColumn, indices: Int32Array): BytesColumn {
  const offsets = new Int32Array(indices.length + 1);
  for (let i = 0; i < indices.length; i++) {
    offsets[i + 1] = offsets[i] + dictionary.offsets[indices[i] + 1] - dictionary.offsets[indices[i]];
  }
  const bytes = new Uint8Array(offsets[indices.length]);
  for (let i = 0; i < indices.length; i++) {
    for (let k = dictionary.offsets[indices[i]], at = offsets[i]; at < offsets[i + 1]; k++, at++) {
      bytes[at] = dictionary.bytes[k];
    }
  }
  return { layout: "utf8", length: indices.length, validity: null, offsets, bytes };
}

defineStage(IndexToString, {
  javaClass: "org.apache.spark.ml.feature.IndexToString",
  params,
  testCases: [
    {
      params: { inputCol: "x", outputCol: "out", labels: ["zero", "one"] },
      schema: "x double",
      rows: [[0], [1], [0.9]],
    },
  ],
});
