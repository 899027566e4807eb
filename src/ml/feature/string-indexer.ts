import { type Column, f64Column, isNull } from "../../columnar/index.js";
import { SparkException } from "../../common/index.js";
import { defineBatchFunction, definePartitionFunction } from "../../exec/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import { ArrayType, doubleType, StringType, stringType, StructField, StructType } from "../../sql/types/index.js";
import {
  attributeMetadata,
  checkSingleVsMultiColumnParams,
  type ColumnFunction,
  declareParams,
  defineStage,
  Estimator,
  fieldOf,
  hasHandleInvalid,
  hasInputCol,
  hasInputCols,
  hasOutputCol,
  hasOutputCols,
  inputOutputColumns,
  isNumericType,
  Model,
  namedColumn,
  oneOf,
  type ParamAccess,
  type ParamOptions,
  type Params,
  randomUid,
  require,
  type SavedStage,
  scalaTypeName,
  stringParam,
  udfError,
  type FitOptions,
} from "../base/index.js";
import { BytesDictionary } from "./bytes-dictionary.js";
import { scaleOf } from "./numeric-reader.js";
import { textReader } from "./text-reader.js";

const params = declareParams({
  ...hasInputCol,
  ...hasInputCols,
  ...hasOutputCol,
  ...hasOutputCols,
  handleInvalid: {
    ...hasHandleInvalid.handleInvalid,
    doc: "What to do with unseen labels and nulls: error, skip the row, or keep them in a bucket of their own.",
    default: "error",
  },
  stringOrderType: stringParam("How to order labels; the first gets index 0, equal frequencies go by label.", {
    default: "frequencyDesc",
    valid: oneOf("frequencyDesc", "frequencyAsc", "alphabetDesc", "alphabetAsc"),
  }),
});

const UNKNOWN = "__unknown";

/** Validated pairs of columns; with `skipMissing`, inputs that do not exist are left out, as Spark's model does. */
function columnPairs(stage: Params, schema: StructType, skipMissing: boolean): [input: StructField, output: string][] {
  checkSingleVsMultiColumnParams(stage, ["outputCol"], ["outputCols"]);
  const { inputs, outputs } = inputOutputColumns(stage);
  require(inputs.length === outputs.length, () => "The number of input columns does not match output columns");
  require(new Set(outputs).size === outputs.length, () => "Output columns should not be duplicate.");
  const pairs: [StructField, string][] = [];
  inputs.forEach((input, i) => {
    const field = schema.find(input);
    if (!field && skipMissing) return;
    if (!field) throw new SparkException(`Input column ${input} does not exist.`);
    const type = field.dataType;
    require(type instanceof StringType || isNumericType(type), () =>
      `The input column ${input} must be either string type or numeric type, but got ${scalaTypeName(type)}.`);
    require(!schema.has(outputs[i]), () => `Output column ${outputs[i]} already exists.`);
    pairs.push([field, outputs[i]]);
  });
  return pairs;
}

/** Numbers the distinct values of one or more columns, by default from the most to the least frequent. */
export interface StringIndexer extends ParamAccess<typeof params, StringIndexer> {}
export class StringIndexer extends Estimator<StringIndexerModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override transformSchema(schema: StructType): StructType {
    const pairs = columnPairs(this, schema, false);
    const added = pairs.map(
      ([, output]) => new StructField(output, doubleType, false, attributeMetadata({ type: "nominal", name: output })),
    );
    return new StructType([...schema.fields, ...added]);
  }

  protected async train(df: DataFrame, options: FitOptions): Promise<StringIndexerModel> {
    const schema = await df.schema();
    const { inputs } = inputOutputColumns(this);
    const scales = inputs.map((name) => scaleOf(fieldOf(schema, name).dataType));
    const parts = await df
      .select(...inputs.map(namedColumn))
      .runPartitions<LabelCounts[]>(countLabels.name, { scales }, options);
    const order = orders[this.getStringOrderType()];
    const labelsArray = inputs.map((_, i) => {
      const counts = new Map<string, number>();
      for (const part of parts) {
        part[i].labels.forEach((label, k) => counts.set(label, (counts.get(label) ?? 0) + part[i].counts[k]));
      }
      return [...counts].sort(order).map(([label]) => label);
    });
    return new StringIndexerModel(labelsArray, this.uid);
  }
}

type Counted = readonly [label: string, count: number];
const alphabetically = (a: Counted, b: Counted): number => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0);
const orders: Readonly<Record<string, (a: Counted, b: Counted) => number>> = {
  frequencyDesc: (a, b) => b[1] - a[1] || alphabetically(a, b),
  frequencyAsc: (a, b) => a[1] - b[1] || alphabetically(a, b),
  alphabetAsc: alphabetically,
  alphabetDesc: (a, b) => alphabetically(b, a),
};

interface LabelCounts {
  readonly labels: readonly string[];
  readonly counts: readonly number[];
}

/** Counts the distinct values of every column as text; nulls and NaN do not count. */
const countLabels = definePartitionFunction<{ readonly scales: readonly number[] }, LabelCounts[]>({
  name: "ml.stringIndexer.count",
  async run({ scales }, batches, context) {
    const tallies = scales.map(() => ({ dictionary: new BytesDictionary(), counts: [] as number[] }));
    for await (const { columns } of batches) {
      context.checkCancelled();
      tallies.forEach(({ dictionary, counts }, c) => {
        const column = columns[c];
        const idOf = labelIds(
          column,
          scales[c],
          (bytes, start, end) => dictionary.add(bytes, start, end),
          (text) => (text === "NaN" ? -1 : dictionary.addText(text)),
        );
        for (let i = 0; i < column.length; i++) {
          const id = isNull(column, i) ? -1 : idOf(i);
          if (id >= 0) counts[id] = (counts[id] ?? 0) + 1;
        }
      });
    }
    return tallies.map(({ dictionary, counts }) => ({ labels: dictionary.texts(), counts }));
  },
});

/** Reads rows as ids: strings by their bytes, numbers by their text, each distinct number once. */
function labelIds(
  column: Column,
  scale: number,
  ofBytes: (bytes: Uint8Array, start: number, end: number) => number,
  ofText: (text: string) => number,
): (i: number) => number {
  if (column.layout === "utf8") {
    const { bytes, offsets } = column;
    return (i) => ofBytes(bytes, offsets[i], offsets[i + 1]);
  }
  const text = textReader(column, scale);
  if (column.layout === "i128" || column.layout === "bool" || !("values" in column)) return (i) => ofText(text(i)!);
  const { values } = column;
  const seen = new Map<number | bigint, number>();
  return (i) => {
    const value = values[i];
    if (Object.is(value, -0)) return ofText(text(i)!);
    let id = seen.get(value);
    if (id === undefined) seen.set(value, (id = ofText(text(i)!)));
    return id;
  };
}

/** Replaces values by the index of their label. */
export interface StringIndexerModel extends ParamAccess<typeof params, StringIndexerModel> {}
export class StringIndexerModel extends Model {
  /** `labelsArray`: the labels of each column, in the order of their indices. */
  constructor(
    readonly labelsArray: readonly (readonly string[])[],
    uid?: string,
  ) {
    super({}, uid);
  }

  /** A model of one column with given labels. */
  static fromLabels(
    labels: readonly string[],
    inputCol: string,
    outputCol?: string,
    handleInvalid?: string,
  ): StringIndexerModel {
    return new StringIndexerModel([labels], randomUid("strIdx")).setParams({ inputCol, outputCol, handleInvalid });
  }

  /** A model of several columns with given labels for each. */
  static fromArraysOfLabels(
    arrayOfLabels: readonly (readonly string[])[],
    inputCols: readonly string[],
    outputCols?: readonly string[],
    handleInvalid?: string,
  ): StringIndexerModel {
    return new StringIndexerModel(arrayOfLabels, randomUid("strIdx")).setParams({
      inputCols,
      outputCols,
      handleInvalid,
    });
  }

  /** Alias of {@link fromLabels} under pyspark's name. */
  static readonly from_labels = StringIndexerModel.fromLabels;
  /** Alias of {@link fromArraysOfLabels} under pyspark's name. */
  static readonly from_arrays_of_labels = StringIndexerModel.fromArraysOfLabels;

  /** Labels in the order of their indices; only of a model of one column. */
  get labels(): readonly string[] {
    require(this.labelsArray.length === 1, () =>
      "This StringIndexerModel is fit on multiple columns. Call `labelsArray` instead.");
    return this.labelsArray[0];
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    const pairs = columnPairs(this, schema, true);
    const { inputs } = inputOutputColumns(this);
    const labels = pairs.map(([field]) => this.labelsArray[inputs.indexOf(field.name)]);
    const handleInvalid = this.getHandleInvalid();
    return {
      name: indexLabels.name,
      payload: { labels, handleInvalid, scales: pairs.map(([field]) => scaleOf(field.dataType)) },
      inputs: pairs.map(([field]) => field.name),
      outputs: pairs.map(([, name], i) => {
        const values = handleInvalid === "keep" ? [...labels[i], UNKNOWN] : labels[i];
        return new StructField(name, doubleType, false, attributeMetadata({ type: "nominal", name, values }));
      }),
    };
  }

  override toString(): string {
    const inputs = this.isSet("inputCols") ? `, numInputCols=${this.getInputCols().length}` : "";
    const outputs = this.isSet("outputCols") ? `, numOutputCols=${this.getOutputCols().length}` : "";
    return `StringIndexerModel: uid=${this.uid}, handleInvalid=${this.getHandleInvalid()}${inputs}${outputs}`;
  }
}

interface IndexPayload {
  readonly labels: readonly (readonly string[])[];
  readonly handleInvalid: string;
  readonly scales: readonly number[];
}

const indexLabels = defineBatchFunction<IndexPayload>({
  name: "ml.stringIndexer",
  open({ labels, handleInvalid, scales }) {
    const dictionaries = labels.map((list) => {
      const dictionary = BytesDictionary.of(list);
      const index = new Int32Array(dictionary.size);
      list.forEach((label, k) => (index[dictionary.findText(label)] = k));
      return { dictionary, index };
    });
    return (columns, numRows) => {
      const invalid = handleInvalid === "skip" ? new Uint8Array(numRows) : undefined;
      const indexed = columns.map((column, c) => {
        const { dictionary, index } = dictionaries[c];
        const idOf = labelIds(
          column,
          scales[c],
          (bytes, start, end) => dictionary.find(bytes, start, end),
          (text) => dictionary.findText(text),
        );
        const out = new Float64Array(numRows);
        for (let i = 0; i < numRows; i++) {
          const id = isNull(column, i) ? -1 : idOf(i);
          if (id >= 0) out[i] = index[id];
          else if (invalid) invalid[i] = 1;
          else if (handleInvalid === "keep") out[i] = labels[c].length;
          else throw unseen(column, scales[c], i);
        }
        return out;
      });
      if (!invalid?.includes(1)) return { columns: indexed.map((values) => f64Column(values)) };
      const selection = Int32Array.from(invalid.keys()).filter((i) => invalid[i] === 0);
      const kept = indexed.map((values) => f64Column(Float64Array.from(selection, (i) => values[i])));
      return { columns: kept, selection };
    };
  },
});

function unseen(column: Column, scale: number, i: number): SparkException {
  const label = textReader(column, scale)(i);
  const reason =
    label === null
      ? "StringIndexer encountered NULL value. To handle or skip NULLS, try setting StringIndexer.handleInvalid."
      : `Unseen label: ${label}. To handle unseen labels, set Param handleInvalid to keep.`;
  return udfError("StringIndexerModel", "string", "double", new SparkException(reason));
}

const testCases = [
  {
    params: { inputCol: "s", outputCol: "out", handleInvalid: "keep" },
    schema: "s string",
    rows: [["a"], ["b"], ["a"], [null], [""]],
  },
  {
    params: { inputCols: ["s", "x"], outputCols: ["a", "b"], handleInvalid: "skip", stringOrderType: "alphabetDesc" },
    schema: "s string, x double",
    rows: [
      ["a", 1],
      ["b", Number.NaN],
      ["a", 2.5],
      [null, 1],
    ],
  },
];

defineStage(StringIndexer, { javaClass: "org.apache.spark.ml.feature.StringIndexer", params, testCases });
defineStage(StringIndexerModel, {
  javaClass: "org.apache.spark.ml.feature.StringIndexerModel",
  uidPrefix: "StringIndexer",
  params,
  persistence: {
    tables: {
      data: new StructType([new StructField("labelsArray", new ArrayType(new ArrayType(stringType)))]),
    },
    toData: (model) => ({ data: [[model.labelsArray]] }),
    fromData: async (saved: SavedStage) => {
      const [row] = await saved.rows("data");
      // Spark before 3.0 saved the labels of its one column.
      const labels = (row.labelsArray ?? [row.labels]) as readonly (readonly string[])[];
      return new StringIndexerModel(labels, saved.uid);
    },
  },
});
