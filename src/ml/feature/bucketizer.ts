import { type Column, f64Column, isNull } from "../../columnar/index.js";
import { javaDouble, SparkException } from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { doubleType, StructField, type StructType } from "../../sql/types/index.js";
import {
  attributeMetadata,
  checkNumericColumn,
  checkSingleVsMultiColumnParams,
  type ColumnFunction,
  declareParams,
  defineStage,
  doubleArrayArrayParam,
  doubleArrayParam,
  hasHandleInvalid,
  hasInputCol,
  hasInputCols,
  hasOutputCol,
  hasOutputCols,
  inputOutputColumns,
  type ParamAccess,
  type ParamOptions,
  require,
  Transformer,
  udfError,
  validWhen,
} from "../base/index.js";
import { numbersOf, scaleOf } from "./numeric-reader.js";

/** At least three splits, strictly increasing, without NaN. */
const areSplits = (splits: readonly number[]): boolean =>
  splits.length >= 3 && splits.every((split, i) => i === 0 || splits[i - 1] < split) && !Number.isNaN(splits[0]);

const params = declareParams({
  ...hasInputCol,
  ...hasInputCols,
  ...hasOutputCol,
  ...hasOutputCols,
  handleInvalid: {
    ...hasHandleInvalid.handleInvalid,
    doc: "What to do with NaN: error, skip the row, or keep it in a bucket of its own behind the last.",
    default: "error",
  },
  splits: doubleArrayParam(
    "Strictly increasing bounds; bucket i holds [splits[i], splits[i + 1]), the last both ends.",
    {
      valid: validWhen("at least three, strictly increasing", areSplits),
    },
  ),
  splitsArray: doubleArrayArrayParam("One list of bounds for each of several input columns.", {
    valid: validWhen("each at least three, strictly increasing", (lists) => lists.every(areSplits)),
  }),
});

/** Maps numbers to the index of the bucket they fall into. */
export interface Bucketizer extends ParamAccess<typeof params, Bucketizer> {}
export class Bucketizer extends Transformer {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    checkSingleVsMultiColumnParams(this, ["outputCol", "splits"], ["outputCols", "splitsArray"]);
    const { inputs, outputs, multiple } = inputOutputColumns(this);
    const splits = multiple ? this.getSplitsArray() : [this.getSplits()];
    const lengths = [inputs.length, outputs.length, splits.length];
    require(lengths.every((n) => n === inputs.length), () =>
      `Bucketizer ${String(this)} has mismatched Params for multi-column transform. Params (inputCols, outputCols, splitsArray) ` +
      `should have equal lengths, but they have different lengths: (${lengths.join(", ")}).`);
    const fields = inputs.map((input, i) => {
      const field = checkNumericColumn(schema, input);
      require(!schema.has(outputs[i]), () => `Column ${outputs[i]} already exists.`);
      return field;
    });
    return {
      name: bucketize.name,
      payload: { splits, handleInvalid: this.getHandleInvalid(), scales: fields.map((f) => scaleOf(f.dataType)) },
      inputs: [...inputs],
      outputs: outputs.map((name, i) => {
        const values = bucketNames(splits[i]);
        return new StructField(name, doubleType, true, attributeMetadata({ type: "nominal", values, isOrdinal: true }));
      }),
    };
  }

  override toString(): string {
    const inputs = this.isSet("inputCols") ? `, numInputCols=${this.getInputCols().length}` : "";
    const outputs = this.isSet("outputCols") ? `, numOutputCols=${this.getOutputCols().length}` : "";
    return `Bucketizer: uid=${this.uid}${inputs}${outputs}`;
  }
}

const bucketNames = (splits: readonly number[]): string[] =>
  splits.slice(1).map((end, i) => `${javaDouble(splits[i])}, ${javaDouble(end)}`);

interface BucketizePayload {
  readonly splits: readonly (readonly number[])[];
  readonly handleInvalid: string;
  readonly scales: readonly number[];
}

const bucketize = defineBatchFunction<BucketizePayload>({
  name: "ml.bucketizer",
  open({ splits, handleInvalid, scales }) {
    const bounds = splits.map((list) => Float64Array.from(list));
    const skip = handleInvalid === "skip";
    return (columns, numRows) => {
      const numbers = columns.map((column, c) => numbersOf(column, scales[c]));
      const selection = skip ? validRows(columns, numbers, numRows) : undefined;
      const rows = selection?.length ?? numRows;
      const made = numbers.map((values, c) => {
        const out = new Float64Array(rows);
        for (let i = 0; i < rows; i++) {
          const row = selection ? selection[i] : i;
          if (!isNull(columns[c], row)) out[i] = bucketOf(values[row], bounds[c], handleInvalid === "keep");
        }
        return f64Column(out, skip || columns[c].layout === "null" ? null : columns[c].validity);
      });
      return selection && selection.length < numRows ? { columns: made, selection } : { columns: made };
    };
  },
});

function validRows(columns: readonly Column[], numbers: readonly Float64Array[], numRows: number): Int32Array {
  const rows = new Int32Array(numRows);
  let n = 0;
  for (let i = 0; i < numRows; i++) {
    if (columns.every((column, c) => !isNull(column, i) && !Number.isNaN(numbers[c][i]))) rows[n++] = i;
  }
  return rows.subarray(0, n);
}

function bucketOf(value: number, splits: Float64Array, keepNaN: boolean): number {
  const last = splits.length - 1;
  if (Number.isNaN(value)) {
    if (keepNaN) return last;
    throw failure("Bucketizer encountered NaN value. To handle or skip NaNs, try setting Bucketizer.handleInvalid.");
  }
  if (value === splits[last]) return last - 1;
  // Number of splits at or below the value; Java's search puts -0.0 below 0.0.
  let low = 0;
  let high = splits.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const split = splits[middle];
    if (split < value || (split === value && !(Object.is(value, -0) && Object.is(split, 0)))) low = middle + 1;
    else high = middle;
  }
  if (low === 0 || low === splits.length) {
    throw failure(
      `Feature value ${javaDouble(value)} out of Bucketizer bounds [${javaDouble(splits[0])}, ${javaDouble(splits[last])}]. Check your features, or loosen the lower/upper bound constraints.`,
    );
  }
  return low - 1;
}

const failure = (reason: string): SparkException =>
  udfError("bucketizer_0 (Bucketizer)", "double", "double", new SparkException(reason));

defineStage(Bucketizer, {
  javaClass: "org.apache.spark.ml.feature.Bucketizer",
  params,
  testCases: [
    {
      params: { inputCol: "x", outputCol: "out", splits: [-Infinity, 0, 1, Infinity], handleInvalid: "keep" },
      schema: "x double",
      rows: [[-1], [0], [1], [Number.NaN], [null], [Infinity]],
    },
  ],
});
