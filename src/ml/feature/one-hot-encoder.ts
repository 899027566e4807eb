import { type Column, isNull, type MixedVectorColumn } from "../../columnar/index.js";
import { javaDouble, SparkException, SparkRuntimeException } from "../../common/index.js";
import { defineBatchFunction, definePartitionFunction } from "../../exec/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import { ArrayType, integerType, StructField, StructType, vectorType } from "../../sql/types/index.js";
import {
  attributeOf,
  booleanParam,
  checkNumericColumn,
  checkSingleVsMultiColumnParams,
  type ColumnFunction,
  declareParams,
  defineStage,
  Estimator,
  groupMetadata,
  hasHandleInvalid,
  hasInputCol,
  hasInputCols,
  hasOutputCol,
  hasOutputCols,
  inputOutputColumns,
  Model,
  namedColumn,
  oneOf,
  type ParamAccess,
  type ParamOptions,
  type Params,
  require,
  udfError,
  VECTOR_STRUCT,
  type FitOptions,
} from "../base/index.js";
import { numbersOf, scaleOf } from "./numeric-reader.js";

const params = declareParams({
  ...hasInputCol,
  ...hasInputCols,
  ...hasOutputCol,
  ...hasOutputCols,
  handleInvalid: {
    ...hasHandleInvalid.handleInvalid,
    doc: "What to do with categories unseen in the fit: error, or keep them as a category of their own.",
    default: "error",
    valid: oneOf("error", "keep"),
  },
  dropLast: booleanParam("Whether to leave out the last category, so that the columns are linearly independent.", {
    default: true,
  }),
});

function columnPairs(stage: Params, schema: StructType): { inputs: StructField[]; outputs: readonly string[] } {
  checkSingleVsMultiColumnParams(stage, ["outputCol"], ["outputCols"]);
  const { inputs, outputs } = inputOutputColumns(stage);
  require(inputs.length === outputs.length, () =>
    `The number of input columns ${inputs.length} must be the same as the number of output columns ${outputs.length}.`);
  const fields = inputs.map((input, i) => {
    const field = checkNumericColumn(schema, input);
    require(!schema.has(outputs[i]), () => `Column ${outputs[i]} already exists.`);
    return field;
  });
  return { inputs: fields, outputs };
}

/** Names of a column's categories by its metadata, or undefined when it says nothing about them. */
function categoryNames(field: StructField): readonly string[] | undefined {
  const attribute = attributeOf(field);
  if (attribute?.type === "nominal") {
    return attribute.values ?? (attribute.numValues === undefined ? undefined : numbered(attribute.numValues));
  }
  if (attribute?.type === "binary") return attribute.values ?? numbered(2);
  if (attribute && hasContent(attribute)) {
    throw new SparkException(
      `The input column ${field.name} cannot be continuous-value.; index it first, e.g. with StringIndexer`,
    );
  }
  return undefined;
}

const hasContent = (attribute: object): boolean => Object.keys(attribute).length > 0;
const numbered = (n: number): string[] => Array.from({ length: n }, (_, i) => String(i));

/** Maps category indices to sparse vectors with a single one. */
export interface OneHotEncoder extends ParamAccess<typeof params, OneHotEncoder> {}
export class OneHotEncoder extends Estimator<OneHotEncoderModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override transformSchema(schema: StructType): StructType {
    const { inputs, outputs } = columnPairs(this, schema);
    const { dropLast, keepInvalid } = settings(this);
    const added = inputs.map((field, i) => {
      const names = categoryNames(field);
      const metadata = names && groupMetadata(outputGroup(names, dropLast, keepInvalid));
      return new StructField(outputs[i], vectorType, true, metadata ?? {});
    });
    return new StructType([...schema.fields, ...added]);
  }

  protected async train(df: DataFrame, options: FitOptions): Promise<OneHotEncoderModel> {
    const { inputs } = columnPairs(this, await df.schema());
    const sizes = inputs.map((field) => categoryNames(field)?.length ?? -1);
    const unknown = inputs.filter((_, i) => sizes[i] === -1);
    if (unknown.length === 0) return new OneHotEncoderModel(sizes, this.uid);
    const names = unknown.map((field) => field.name);
    const payload = { names, scales: unknown.map((field) => scaleOf(field.dataType)) };
    const parts = await df
      .select(...names.map(namedColumn))
      .runPartitions<number[]>(largestIndices.name, payload, options);
    const largest = names.map((_, c) => parts.reduce((most, part) => Math.max(most, part[c]), 0));
    let next = 0;
    return new OneHotEncoderModel(
      sizes.map((size) => (size === -1 ? largest[next++] + 1 : size)),
      this.uid,
    );
  }
}

const MAX_INT = 2147483647;

/** Largest category index of each column; every value must be one. */
const largestIndices = definePartitionFunction<
  { readonly names: readonly string[]; readonly scales: readonly number[] },
  number[]
>({
  name: "ml.oneHotEncoder.largest",
  async run({ names, scales }, batches, context) {
    const largest = names.map(() => 0);
    for await (const { columns } of batches) {
      context.checkCancelled();
      columns.forEach((column, c) => {
        const values = numbersOf(column, scales[c]);
        for (let i = 0; i < column.length; i++) {
          if (isNull(column, i)) throw nullIndex(c);
          const value = values[i];
          if (!(value <= MAX_INT)) {
            throw new SparkException(
              `assertion failed: OneHotEncoder only supports up to ${MAX_INT} indices, but got ${javaDouble(value)}.`,
            );
          }
          if (value < 0 || value !== Math.trunc(value)) {
            throw new SparkException(
              `assertion failed: Values from column ${names[c]} must be indices, but got ${javaDouble(value)}.`,
            );
          }
          if (value > largest[c]) largest[c] = value;
        }
      });
    }
    return largest;
  },
});

const nullIndex = (index: number): SparkRuntimeException =>
  new SparkRuntimeException(`Found NULL in a row at the index ${index}, expected a non-NULL value.`, {
    condition: "ROW_VALUE_IS_NULL",
    sqlState: "22023",
    parameters: { index: String(index) },
  });

interface Settings {
  readonly dropLast: boolean;
  readonly keepInvalid: boolean;
}
const settings = (stage: OneHotEncoder | OneHotEncoderModel): Settings => ({
  dropLast: stage.getDropLast(),
  keepInvalid: stage.getHandleInvalid() === "keep",
});

/** One binary attribute for each element of the encoded vector. */
function outputGroup(categories: readonly string[], dropLast: boolean, keepInvalid: boolean) {
  const all = keepInvalid ? [...categories, "invalidValues"] : categories;
  const names = dropLast ? all.slice(0, -1) : all;
  return { attributes: names.map((name) => ({ type: "binary", name }) as const) };
}

export interface OneHotEncoderModel extends ParamAccess<typeof params, OneHotEncoderModel> {}
/** Encodes category indices with the numbers of categories found in the fit. */
export class OneHotEncoderModel extends Model {
  /** `categorySizes`: number of categories of each input column. */
  constructor(
    readonly categorySizes: readonly number[],
    uid?: string,
  ) {
    super({}, uid);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    const { inputs, outputs } = columnPairs(this, schema);
    const { categorySizes } = this;
    require(inputs.length === categorySizes.length, () =>
      `The number of input columns ${inputs.length} must be the same as the number of features ${categorySizes.length} during fitting.`);
    const { dropLast, keepInvalid } = settings(this);
    return {
      name: encode.name,
      payload: { sizes: categorySizes, dropLast, keepInvalid, scales: inputs.map((f) => scaleOf(f.dataType)) },
      inputs: inputs.map((field) => field.name),
      outputs: inputs.map((field, i) => {
        const known = categoryNames(field);
        require(known === undefined || known.length === categorySizes[i], () =>
          `OneHotEncoderModel expected ${categorySizes[i]} categorical values for input column ${field.name}, ` +
          `but the input column had metadata specifying ${known!.length} values.`);
        const group = outputGroup(known ?? numbered(categorySizes[i]), dropLast, keepInvalid);
        return new StructField(outputs[i], vectorType, true, groupMetadata(group));
      }),
    };
  }

  override toString(): string {
    const count = this.isSet("inputCols") ? `, numInputCols=${this.getInputCols().length}` : "";
    const outputs = this.isSet("outputCols") ? `, numOutputCols=${this.getOutputCols().length}` : "";
    return `OneHotEncoderModel: uid=${this.uid}, dropLast=${this.getDropLast()}, handleInvalid=${this.getHandleInvalid()}${count}${outputs}`;
  }
}

interface EncodePayload extends Settings {
  readonly sizes: readonly number[];
  readonly scales: readonly number[];
}

const encode = defineBatchFunction<EncodePayload>({
  name: "ml.oneHotEncoder",
  open:
    ({ sizes, scales, dropLast, keepInvalid }) =>
    (columns, numRows) => ({
      columns: columns.map((column, c) => {
        const width = sizes[c] + (keepInvalid ? 1 : 0) - (dropLast ? 1 : 0);
        return encodeColumn(column, numbersOf(column, scales[c]), numRows, sizes[c], width, keepInvalid);
      }),
    }),
});

function encodeColumn(
  column: Column,
  values: Float64Array,
  numRows: number,
  categories: number,
  width: number,
  keepInvalid: boolean,
): MixedVectorColumn {
  const offsets = new Int32Array(numRows + 1);
  const indices = new Int32Array(numRows);
  let used = 0;
  for (let i = 0; i < numRows; i++) {
    if (!isNull(column, i)) {
      const value = values[i];
      let index = value;
      if (!(value >= 0 && value < categories)) {
        if (!keepInvalid) throw invalid(value);
        index = categories;
      }
      if (index < width) indices[used++] = index;
    }
    offsets[i + 1] = used;
  }
  return {
    layout: "vector",
    form: "mixed",
    length: numRows,
    validity: column.layout === "null" ? new Uint8Array((numRows + 7) >> 3) : column.validity,
    kinds: new Uint8Array(numRows),
    sizes: new Int32Array(numRows).fill(width),
    offsets,
    indices: indices.subarray(0, used),
    values: new Float64Array(used).fill(1),
  };
}

function invalid(value: number): SparkException {
  const text = javaDouble(value);
  const reason =
    value < 0
      ? `Negative value: ${text}. Input can't be negative. To handle invalid values, set Param handleInvalid to keep`
      : `Unseen value: ${text}. To handle unseen values, set Param handleInvalid to keep.`;
  return udfError("OneHotEncoderModel", "double, int", VECTOR_STRUCT, new SparkException(reason));
}

defineStage(OneHotEncoder, {
  javaClass: "org.apache.spark.ml.feature.OneHotEncoder",
  params,
  testCases: [
    {
      params: { inputCols: ["a", "b"], outputCols: ["oa", "ob"], handleInvalid: "keep" },
      schema: "a double, b int",
      rows: [
        [0, 2],
        [1, 0],
        [3, 1],
      ],
    },
  ],
});
defineStage(OneHotEncoderModel, {
  javaClass: "org.apache.spark.ml.feature.OneHotEncoderModel",
  uidPrefix: "OneHotEncoder",
  params,
  persistence: {
    tables: { data: new StructType([new StructField("categorySizes", new ArrayType(integerType, false))]) },
    toData: (model) => ({ data: [[model.categorySizes]] }),
    fromData: async (saved) => {
      const [row] = await saved.rows("data");
      return new OneHotEncoderModel(row.categorySizes as readonly number[], saved.uid);
    },
  },
});
