import { denseVectorColumn, type VectorColumn } from "../../columnar/index.js";
import { ArrayIndexOutOfBoundsException } from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { type DenseVector, Vectors } from "../../linalg/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import { StructField, StructType, vectorType } from "../../sql/types/index.js";
import {
  booleanParam,
  checkColumnType,
  type ColumnFunction,
  declareParams,
  defineStage,
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
  VectorRows,
  vectorView,
  withValues,
  type FitOptions,
} from "../base/index.js";
import { meansOf, variancesOf, vectorMoments } from "./vector-moments.js";

const params = declareParams({
  ...hasInputCol,
  ...hasOutputCol,
  withMean: booleanParam("Whether to subtract the mean; makes sparse vectors dense.", { default: false }),
  withStd: booleanParam("Whether to scale to unit standard deviation.", { default: true }),
});

function checkColumns(stage: StandardScaler | StandardScalerModel, schema: StructType): void {
  checkColumnType(schema, stage.getInputCol(), vectorType);
  const output = stage.getOutputCol();
  require(!schema.has(output), () => `Output column ${output} already exists.`);
}

/** Standardizes vectors by the mean and the sample standard deviation of each element. */
export interface StandardScaler extends ParamAccess<typeof params, StandardScaler> {}
export class StandardScaler extends Estimator<StandardScalerModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override transformSchema(schema: StructType): StructType {
    checkColumns(this, schema);
    return schema.add(new StructField(this.getOutputCol(), vectorType));
  }

  protected async train(df: DataFrame, options: FitOptions): Promise<StandardScalerModel> {
    const moments = await vectorMoments(df.select(namedColumn(this.getInputCol())), options);
    const std = Vectors.dense(variancesOf(moments).map(Math.sqrt));
    return new StandardScalerModel(std, Vectors.dense(meansOf(moments)), this.uid);
  }
}

export interface StandardScalerModel extends ParamAccess<typeof params, StandardScalerModel> {}
/** Scales vectors with the moments of the fit. */
export class StandardScalerModel extends Model {
  /** Standard deviation and mean of each element. */
  constructor(
    readonly std: DenseVector,
    readonly mean: DenseVector,
    uid?: string,
  ) {
    super({}, uid);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    checkColumns(this, schema);
    const shift = this.getWithMean() ? this.mean.values : null;
    const scale = this.getWithStd() ? this.std.values.map((s) => (s === 0 ? 0 : 1 / s)) : null;
    const metadata = groupMetadata({ size: this.mean.size });
    return {
      name: standardize.name,
      payload: { shift, scale },
      inputs: [this.getInputCol()],
      outputs: [new StructField(this.getOutputCol(), vectorType, true, metadata)],
    };
  }

  override toString(): string {
    return `StandardScalerModel: uid=${this.uid}, numFeatures=${this.mean.size}, withMean=${this.getWithMean()}, withStd=${this.getWithStd()}`;
  }
}

interface StandardizePayload {
  readonly shift: Float64Array | null;
  readonly scale: Float64Array | null;
}

const standardize = defineBatchFunction<StandardizePayload>({
  name: "ml.standardScaler",
  open:
    ({ shift, scale }) =>
    (columns) => {
      const column = columns[0] as VectorColumn;
      if (!shift && !scale) return { columns: [column] };
      if (firstNull(column) >= 0) throw nullRow("StandardScalerModel", VECTOR_STRUCT, VECTOR_STRUCT);
      if (column.form === "dense") return { columns: [standardizeDense(column.values, column, shift, scale)] };
      return { columns: [shift ? centerMixed(column, shift, scale) : scaleMixed(column, scale!)] };
    },
});

const outOfBounds = (index: number, size: number): Error =>
  udfError(
    "StandardScalerModel",
    VECTOR_STRUCT,
    VECTOR_STRUCT,
    new ArrayIndexOutOfBoundsException(`Index ${index} out of bounds for length ${size}`),
  );

function standardizeDense(
  values: Float64Array,
  { size, length }: { readonly size: number; readonly length: number },
  shift: Float64Array | null,
  scale: Float64Array | null,
): VectorColumn {
  const width = (shift ?? scale)!.length;
  if (size > width && length > 0) throw outOfBounds(width, width);
  const out = new Float64Array(length * size);
  for (let i = 0, at = 0; i < length; i++) {
    if (shift && scale) for (let j = 0; j < size; j++, at++) out[at] = (values[at] - shift[j]) * scale[j];
    else if (shift) for (let j = 0; j < size; j++, at++) out[at] = values[at] - shift[j];
    else for (let j = 0; j < size; j++, at++) out[at] = values[at] * scale![j];
  }
  return denseVectorColumn(out, size, length);
}

/** Without a shift zeros stay zeros and the form of every vector is kept. */
function scaleMixed(column: VectorColumn, scale: Float64Array): VectorColumn {
  const { kinds, offsets, indices, values, length } = vectorView(column);
  const out = new Float64Array(values.length);
  for (let i = 0; i < length; i++) {
    const start = offsets[i];
    const dense = kinds[i] === 1;
    for (let k = start; k < offsets[i + 1]; k++) {
      const j = dense ? k - start : indices[k];
      if (j >= scale.length) throw outOfBounds(j, scale.length);
      out[k] = values[k] * scale[j];
    }
  }
  return withValues(column, out);
}

function centerMixed(column: VectorColumn, shift: Float64Array, scale: Float64Array | null): VectorColumn {
  const { kinds, sizes, offsets, indices, values, length } = vectorView(column);
  const rows = new VectorRows(length, length * shift.length);
  for (let i = 0; i < length; i++) {
    const size = sizes[i];
    if (size > shift.length) throw outOfBounds(shift.length, shift.length);
    let k = offsets[i];
    for (let j = 0; j < size; j++) {
      const stored = k < offsets[i + 1] && (kinds[i] === 1 || indices[k] === j);
      const centered = (stored ? values[k++] : 0) - shift[j];
      rows.push(j, scale ? centered * scale[j] : centered);
    }
    rows.end(1, size);
  }
  return rows.finish();
}

defineStage(StandardScaler, {
  javaClass: "org.apache.spark.ml.feature.StandardScaler",
  params,
  testCases: [
    {
      params: { inputCol: "v", outputCol: "out", withMean: true },
      schema: "v vector",
      rows: [[Vectors.dense([1, 2])], [Vectors.sparse(2, [0], [-5])], [Vectors.dense([0.5, 2])]],
      tolerance: 1e-12,
    },
  ],
});
defineStage(StandardScalerModel, {
  javaClass: "org.apache.spark.ml.feature.StandardScalerModel",
  uidPrefix: "StandardScaler",
  params,
  persistence: {
    tables: { data: new StructType([new StructField("std", vectorType), new StructField("mean", vectorType)]) },
    toData: (model) => ({ data: [[model.std, model.mean]] }),
    fromData: async (saved) => {
      const [row] = await saved.rows("data");
      const dense = (value: unknown): DenseVector => (value as DenseVector).toDense();
      return new StandardScalerModel(dense(row.std), dense(row.mean), saved.uid);
    },
  },
});
