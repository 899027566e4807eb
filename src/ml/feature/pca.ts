import { denseVectorColumn } from "../../columnar/index.js";
import { IllegalArgumentException, UnsupportedOperationException } from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { DenseMatrix, type DenseVector, type Vector, Vectors } from "../../linalg/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import { matrixType, StructField, StructType, vectorType } from "../../sql/types/index.js";
import {
  checkColumnType,
  type ColumnFunction,
  declareParams,
  defineStage,
  Estimator,
  firstNull,
  groupMetadata,
  gtEq,
  hasInputCol,
  hasOutputCol,
  intParam,
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
import { covariance } from "./covariance.js";
import { leftSingularVectors } from "./left-singular-vectors.js";
import { collectVectorMoments } from "./vector-moments.js";

const MOST_FEATURES = 65_535;

const params = declareParams({
  ...hasInputCol,
  ...hasOutputCol,
  k: intParam("Number of principal components (> 0).", { valid: gtEq(1) }),
});

function outputField(stage: PCA | PCAModel, schema: StructType, k: number): StructField {
  checkColumnType(schema, stage.getInputCol(), vectorType);
  const output = stage.getOutputCol();
  require(!schema.has(output), () => `Output column ${output} already exists.`);
  return new StructField(output, vectorType, true, groupMetadata({ size: k }));
}

/** Finds the directions of largest variance. */
export interface PCA extends ParamAccess<typeof params, PCA> {}
export class PCA extends Estimator<PCAModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override transformSchema(schema: StructType): StructType {
    return schema.add(outputField(this, schema, this.getK()));
  }

  protected async train(df: DataFrame, options: FitOptions): Promise<PCAModel> {
    const k = this.getK();
    const vectors = df.select(namedColumn(this.getInputCol()));
    const moments = await collectVectorMoments(vectors, options);
    const { size: n, count } = moments;
    if (count === 0) throw new UnsupportedOperationException("empty collection");
    require(k <= n, () => `source vector size ${n} must be no less than k=${k}`);
    if (n > MOST_FEATURES) {
      throw new IllegalArgumentException(`PCA of vectors of ${n} elements is not supported, at most ${MOST_FEATURES}`);
    }
    const { vectors: components, values } = leftSingularVectors(await covariance(vectors, moments, options), n);
    const total = values.reduce((sum, value) => sum + value, 0);
    return new PCAModel(
      new DenseMatrix(n, k, components.slice(0, n * k)),
      Vectors.dense(values.slice(0, k).map((value) => value / total)),
      this.uid,
    );
  }
}

export interface PCAModel extends ParamAccess<typeof params, PCAModel> {}
/** Projects vectors onto principal components. */
export class PCAModel extends Model {
  constructor(
    /** Principal components, one a column. */
    readonly pc: DenseMatrix,
    /** Share of the variance that each component explains. */
    readonly explainedVariance: DenseVector,
    uid?: string,
  ) {
    super({}, uid);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    const output = outputField(this, schema, this.pc.numCols);
    const payload = { pc: this.pc.toColumnMajor(), rows: this.pc.numRows, k: this.pc.numCols };
    return { name: project.name, payload, inputs: [this.getInputCol()], outputs: [output] };
  }

  override toString(): string {
    return `PCAModel: uid=${this.uid}, k=${this.pc.numCols}`;
  }
}

interface ProjectPayload {
  /** Column-major. */
  readonly pc: Float64Array;
  readonly rows: number;
  readonly k: number;
}

const project = defineBatchFunction<ProjectPayload>({
  name: "ml.pca",
  open:
    ({ pc, rows, k }) =>
    (columns) => {
      if (firstNull(columns[0]) >= 0) throw nullRow("PCAModel", VECTOR_STRUCT, VECTOR_STRUCT);
      const { kinds, sizes, offsets, indices, values, length } = vectorView(columns[0]);
      const out = new Float64Array(length * k);
      for (let i = 0; i < length; i++) {
        if (sizes[i] !== rows) throw wrongSize(rows, sizes[i]);
        const [start, end] = [offsets[i], offsets[i + 1]];
        for (let c = 0; c < k; c++) {
          const base = c * rows;
          let sum = 0;
          if (kinds[i]) for (let l = start, at = base; l < end; l++, at++) sum += pc[at] * values[l];
          else for (let l = start; l < end; l++) sum += pc[base + indices[l]] * values[l];
          out[i * k + c] = sum;
        }
      }
      return { columns: [denseVectorColumn(out, k, length)] };
    },
});

const wrongSize = (expected: number, actual: number): Error =>
  udfError(
    "PCAModel",
    VECTOR_STRUCT,
    VECTOR_STRUCT,
    new IllegalArgumentException(
      `requirement failed: The columns of A don't match the number of elements of x. A: ${expected}, x: ${actual}`,
    ),
  );

defineStage(PCA, {
  javaClass: "org.apache.spark.ml.feature.PCA",
  params,
  testCases: [
    {
      params: { inputCol: "v", outputCol: "out", k: 2 },
      schema: "v vector",
      rows: [
        [Vectors.dense([1, 2, 4])],
        [Vectors.dense([2, 0, -1])],
        [Vectors.sparse(3, [0], [-5])],
        [Vectors.dense([0.5, 2, 3])],
      ],
      tolerance: 1e-9,
    },
  ],
});
defineStage(PCAModel, {
  javaClass: "org.apache.spark.ml.feature.PCAModel",
  uidPrefix: "PCA",
  params,
  persistence: {
    tables: {
      data: new StructType([new StructField("pc", matrixType), new StructField("explainedVariance", vectorType)]),
    },
    toData: (model) => ({ data: [[model.pc, model.explainedVariance]] }),
    fromData: async (saved) => {
      const [row] = await saved.rows("data");
      const pc = row.pc as DenseMatrix;
      const dense = new DenseMatrix(pc.numRows, pc.numCols, pc.toColumnMajor());
      return new PCAModel(dense, (row.explainedVariance as Vector).toDense(), saved.uid);
    },
  },
});
