import { type Column, isNull } from "../../columnar/index.js";
import { javaDouble, SparkException } from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { type DataFrame, SparkSession } from "../../sql/api/index.js";
import { doubleType, parseDecimal, StructField, StructType } from "../../sql/types/index.js";
import {
  checkNumericColumn,
  checkSingleVsMultiColumnParams,
  type ColumnFunction,
  declareParams,
  defineStage,
  doubleParam,
  Estimator,
  hasInputCol,
  hasInputCols,
  hasOutputCol,
  hasOutputCols,
  hasRelativeError,
  inputOutputColumns,
  Model,
  namedColumn,
  oneOf,
  type ParamAccess,
  type ParamOptions,
  type Params,
  require,
  stringParam,
  type FitOptions,
} from "../base/index.js";
import { collectSurrogates } from "./imputer-statistics.js";
import { numbersOf, scaleOf } from "./numeric-reader.js";

const params = declareParams({
  ...hasInputCol,
  ...hasInputCols,
  ...hasOutputCol,
  ...hasOutputCols,
  ...hasRelativeError,
  missingValue: doubleParam("The value that stands for a missing one, besides null.", { default: Number.NaN }),
  strategy: stringParam(
    "What replaces missing values: mean, median or mode (the smallest of equally frequent values).",
    {
      default: "mean",
      valid: oneOf("mean", "median", "mode"),
    },
  ),
});

/** Validated inputs and the fields that replace them: an output has the type of its input. */
function columnPairs(stage: Params, schema: StructType): { inputs: StructField[]; outputs: StructField[] } {
  checkSingleVsMultiColumnParams(stage, ["outputCol"], ["outputCols"]);
  const { inputs, outputs } = inputOutputColumns(stage);
  const duplicates = (name: string, columns: readonly string[]): void =>
    require(new Set(columns).size === columns.length, () => `${name} contains duplicates: (${columns.join(", ")})`);
  duplicates("inputCols", inputs);
  duplicates("outputCols", outputs);
  require(inputs.length === outputs.length, () =>
    `inputCols(${inputs.length}) and outputCols(${outputs.length}) should have the same length`);
  const fields = inputs.map((input) => checkNumericColumn(schema, input));
  return { inputs: fields, outputs: fields.map((field, i) => new StructField(outputs[i], field.dataType)) };
}

/** Learns what to put in the place of missing values: the mean, median or mode of each column. */
export interface Imputer extends ParamAccess<typeof params, Imputer> {}
export class Imputer extends Estimator<ImputerModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override transformSchema(schema: StructType): StructType {
    return new StructType([...schema.fields, ...columnPairs(this, schema).outputs]);
  }

  protected async train(df: DataFrame, options: FitOptions): Promise<ImputerModel> {
    const { inputs } = columnPairs(this, await df.schema());
    const columns = inputs.map((field) => field.name);
    const surrogates = await collectSurrogates(
      df.select(...columns.map(namedColumn)),
      {
        strategy: this.getStrategy(),
        missingValue: this.getMissingValue(),
        relativeError: this.getRelativeError(),
        scales: inputs.map((field) => scaleOf(field.dataType)),
      },
      options,
    );
    const empty = columns.filter((_, i) => surrogates[i] === undefined);
    if (empty.length > 0) {
      throw new SparkException(
        `surrogate cannot be computed. All the values in ${empty.join(",")} are Null, Nan or missingValue(${javaDouble(this.getMissingValue())})`,
      );
    }
    return new ImputerModel(columns, surrogates as readonly number[], this.uid);
  }
}

export interface ImputerModel extends ParamAccess<typeof params, ImputerModel> {}
/** Replaces missing values. */
export class ImputerModel extends Model {
  /** Columns of the fit and the value for each. */
  constructor(
    readonly columns: readonly string[],
    readonly surrogates: readonly number[],
    uid?: string,
  ) {
    super({}, uid);
  }

  /** One row with the value for each column. */
  get surrogateDF(): DataFrame {
    return SparkSession.active().createDataFrame([this.surrogates], surrogateSchema(this), 1);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    const { inputs, outputs } = columnPairs(this, schema);
    const surrogates = inputs.map(({ name }) => {
      const at = this.columns.indexOf(name);
      require(at >= 0, () => `Column ${name} was not in the fit; its columns are ${this.columns.join(", ")}`);
      return this.surrogates[at];
    });
    return {
      name: impute.name,
      payload: { surrogates, missingValue: this.getMissingValue(), scales: inputs.map((f) => scaleOf(f.dataType)) },
      inputs: inputs.map((field) => field.name),
      outputs,
    };
  }

  override toString(): string {
    const inputs = this.isSet("inputCols") ? `, numInputCols=${this.getInputCols().length}` : "";
    const outputs = this.isSet("outputCols") ? `, numOutputCols=${this.getOutputCols().length}` : "";
    return `ImputerModel: uid=${this.uid}, strategy=${this.getStrategy()}, missingValue=${javaDouble(this.getMissingValue())}${inputs}${outputs}`;
  }
}

const surrogateSchema = (model: ImputerModel): StructType =>
  new StructType(model.columns.map((name) => new StructField(name, doubleType, false)));

interface ImputePayload {
  readonly surrogates: readonly number[];
  readonly missingValue: number;
  readonly scales: readonly number[];
}

const impute = defineBatchFunction<ImputePayload>({
  name: "ml.imputer",
  open:
    ({ surrogates, missingValue, scales }) =>
    (columns) => ({
      columns: columns.map((column, c) => imputed(column, surrogates[c], missingValue, scales[c])),
    }),
});

/** Numbers pass through double, as in Spark, which casts the column there and back. */
function imputed(column: Column, surrogate: number, missingValue: number, scale: number): Column {
  const { length } = column;
  const values = numbersOf(column, scale);
  const missing = new Uint8Array(length);
  const wanted = Number.isNaN(missingValue) ? Number.isNaN : (value: number): boolean => value === missingValue;
  for (let i = 0; i < length; i++) if (isNull(column, i) || wanted(values[i])) missing[i] = 1;
  switch (column.layout) {
    case "f64":
    case "f32":
    case "i8":
    case "i16":
    case "i32": {
      const out = column.values.slice(0, length);
      const value = column.layout.startsWith("i") ? Math.trunc(surrogate) : surrogate;
      for (let i = 0; i < length; i++) if (missing[i]) out[i] = value;
      return { layout: column.layout, length, validity: null, values: out };
    }
    case "i64": {
      const out = BigInt64Array.from({ length }, (_, i) => toLong(missing[i] ? surrogate : values[i]));
      return { layout: "i64", length, validity: null, values: out };
    }
    case "i128": {
      const out = new BigInt64Array(2 * length);
      const value = parseDecimal(String(surrogate), scale) ?? 0n;
      for (let i = 0; i < length; i++) {
        out[2 * i] = missing[i] ? BigInt.asIntN(64, value) : column.values[2 * i];
        out[2 * i + 1] = missing[i] ? value >> 64n : column.values[2 * i + 1];
      }
      return { layout: "i128", length, validity: null, values: out };
    }
    default:
      throw new TypeError(`a column laid out as ${JSON.stringify(column.layout)} cannot be imputed`);
  }
}

const LONG_MAX = 2n ** 63n - 1n;

function toLong(value: number): bigint {
  const whole = BigInt(Math.trunc(value));
  return whole > LONG_MAX ? LONG_MAX : whole < -LONG_MAX - 1n ? -LONG_MAX - 1n : whole;
}

defineStage(Imputer, {
  javaClass: "org.apache.spark.ml.feature.Imputer",
  params,
  testCases: [
    {
      params: { inputCols: ["x", "i"], outputCols: ["a", "b"], strategy: "median" },
      schema: "x double, i int",
      rows: [
        [1, 1],
        [Number.NaN, 2],
        [3, null],
        [null, 4],
      ],
    },
  ],
});
defineStage(ImputerModel, {
  javaClass: "org.apache.spark.ml.feature.ImputerModel",
  uidPrefix: "Imputer",
  params,
  persistence: {
    tables: (model) => ({ data: surrogateSchema(model) }),
    toData: (model) => ({ data: [model.surrogates] }),
    fromData: async (saved) => {
      const [row] = await saved.rows("data");
      return new ImputerModel(Object.keys(row), Object.values(row) as number[], saved.uid);
    },
  },
});
