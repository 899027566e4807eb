import type { VectorColumn } from "../../columnar/index.js";
import { IllegalArgumentException, javaDouble } from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { type Vector, Vectors } from "../../linalg/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import { StructField, StructType, vectorType } from "../../sql/types/index.js";
import {
  checkColumnType,
  type ColumnFunction,
  compressedRows,
  declareParams,
  defineStage,
  doubleParam,
  Estimator,
  firstNull,
  groupMetadata,
  hasInputCol,
  hasOutputCol,
  Model,
  namedColumn,
  nullRow,
  type ParamAccess,
  type ParamOptions,
  require,
  udfError,
  VECTOR_STRUCT,
  vectorView,
  type FitOptions,
} from "../base/index.js";
import { maximaOf, minimaOf, vectorMoments } from "./vector-moments.js";

const params = declareParams({
  ...hasInputCol,
  ...hasOutputCol,
  min: doubleParam("Lower bound of the scaled values.", { default: 0 }),
  max: doubleParam("Upper bound of the scaled values.", { default: 1 }),
});

function checkColumns(stage: MinMaxScaler | MinMaxScalerModel, schema: StructType): void {
  const [min, max] = [stage.getMin(), stage.getMax()];
  require(min < max, () => `The specified min(${javaDouble(min)}) is larger or equal to max(${javaDouble(max)})`);
  checkColumnType(schema, stage.getInputCol(), vectorType);
  const output = stage.getOutputCol();
  require(!schema.has(output), () => `Output column ${output} already exists.`);
}

/** Rescales every element linearly from its range in the data to `[min, max]`. */
export interface MinMaxScaler extends ParamAccess<typeof params, MinMaxScaler> {}
export class MinMaxScaler extends Estimator<MinMaxScalerModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override transformSchema(schema: StructType): StructType {
    checkColumns(this, schema);
    return schema.add(new StructField(this.getOutputCol(), vectorType));
  }

  protected async train(df: DataFrame, options: FitOptions): Promise<MinMaxScalerModel> {
    const moments = await vectorMoments(df.select(namedColumn(this.getInputCol())), options);
    const [min, max] = [Vectors.dense(minimaOf(moments)), Vectors.dense(maximaOf(moments))];
    return new MinMaxScalerModel(min.compressed(), max.compressed(), this.uid);
  }
}

export interface MinMaxScalerModel extends ParamAccess<typeof params, MinMaxScalerModel> {}
/** Rescales vectors with the ranges of the fit; an element that was constant becomes the middle of the range. */
export class MinMaxScalerModel extends Model {
  /** Smallest and largest value of each element in the fit. */
  constructor(
    readonly originalMin: Vector,
    readonly originalMax: Vector,
    uid?: string,
  ) {
    super({}, uid);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    checkColumns(this, schema);
    const [min, max] = [this.getMin(), this.getMax()];
    const lows = this.originalMin.toArray();
    const highs = this.originalMax.toArray();
    const scales = lows.map((low, j) => (highs[j] - low === 0 ? 0 : (max - min) / (highs[j] - low)));
    const metadata = groupMetadata({ size: this.originalMin.size });
    return {
      name: rescale.name,
      payload: { lows, scales, min, constant: (min + max) / 2 },
      inputs: [this.getInputCol()],
      outputs: [new StructField(this.getOutputCol(), vectorType, true, metadata)],
    };
  }

  override toString(): string {
    return `MinMaxScalerModel: uid=${this.uid}, numFeatures=${this.originalMin.size}, min=${javaDouble(this.getMin())}, max=${javaDouble(this.getMax())}`;
  }
}

interface RescalePayload {
  readonly lows: Float64Array;
  readonly scales: Float64Array;
  readonly min: number;
  /** What an element without a range becomes. */
  readonly constant: number;
}

const rescale = defineBatchFunction<RescalePayload>({
  name: "ml.minMaxScaler",
  open({ lows, scales, min, constant }) {
    const size = lows.length;
    const zeros = lows.map((low, j) => (scales[j] === 0 ? constant : (0 - low) * scales[j] + min));
    return (columns) => {
      const column = columns[0] as VectorColumn;
      if (firstNull(column) >= 0) throw nullRow("MinMaxScalerModel", VECTOR_STRUCT, VECTOR_STRUCT);
      const { kinds, sizes, offsets, indices, values, length } = vectorView(column);
      const out = new Float64Array(length * size);
      for (let i = 0; i < length; i++) {
        if (sizes[i] !== size) throw wrongSize(size, sizes[i]);
        const to = i * size;
        const start = offsets[i];
        const dense = kinds[i] === 1;
        if (!dense) out.set(zeros, to);
        for (let k = start; k < offsets[i + 1]; k++) {
          const j = dense ? k - start : indices[k];
          const value = values[k];
          out[to + j] = Number.isNaN(value) ? value : scales[j] === 0 ? constant : (value - lows[j]) * scales[j] + min;
        }
      }
      return { columns: [compressedRows(out, size, length)] };
    };
  },
});

const wrongSize = (expected: number, actual: number): Error =>
  udfError(
    "MinMaxScalerModel",
    VECTOR_STRUCT,
    VECTOR_STRUCT,
    new IllegalArgumentException(`requirement failed: Number of features must be ${expected} but got ${actual}`),
  );

defineStage(MinMaxScaler, {
  javaClass: "org.apache.spark.ml.feature.MinMaxScaler",
  params,
  testCases: [
    {
      params: { inputCol: "v", outputCol: "out", max: 2 },
      schema: "v vector",
      rows: [[Vectors.dense([1, 2, Number.NaN])], [Vectors.sparse(3, [0], [-5])], [Vectors.dense([0.5, 2, 1])]],
    },
  ],
});
defineStage(MinMaxScalerModel, {
  javaClass: "org.apache.spark.ml.feature.MinMaxScalerModel",
  uidPrefix: "MinMaxScaler",
  params,
  persistence: {
    tables: {
      data: new StructType([new StructField("originalMin", vectorType), new StructField("originalMax", vectorType)]),
    },
    toData: (model) => ({ data: [[model.originalMin, model.originalMax]] }),
    fromData: async (saved) => {
      const [row] = await saved.rows("data");
      return new MinMaxScalerModel(row.originalMin as Vector, row.originalMax as Vector, saved.uid);
    },
  },
});
