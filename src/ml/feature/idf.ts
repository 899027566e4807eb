import type { VectorColumn } from "../../columnar/index.js";
import { ArrayIndexOutOfBoundsException, IllegalArgumentException, SparkException } from "../../common/index.js";
import { defineBatchFunction, definePartitionFunction } from "../../exec/index.js";
import { type DenseVector, type Vector, Vectors } from "../../linalg/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import { ArrayType, longType, StructField, StructType, vectorType } from "../../sql/types/index.js";
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
  withValues,
  type FitOptions,
} from "../base/index.js";
import { nullVector } from "./vector-moments.js";

const params = declareParams({
  ...hasInputCol,
  ...hasOutputCol,
  minDocFreq: intParam("Fewest documents a term must appear in; rarer terms get weight 0 (>= 0).", {
    default: 0,
    valid: gtEq(0),
  }),
});

function checkColumns(stage: IDF | IDFModel, schema: StructType): void {
  checkColumnType(schema, stage.getInputCol(), vectorType);
  const output = stage.getOutputCol();
  require(!schema.has(output), () => `Column ${output} already exists.`);
}

/** Learns inverse document frequencies, `log((m + 1) / (df + 1))` for `m` documents. */
export interface IDF extends ParamAccess<typeof params, IDF> {}
export class IDF extends Estimator<IDFModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override transformSchema(schema: StructType): StructType {
    checkColumns(this, schema);
    return schema.add(new StructField(this.getOutputCol(), vectorType));
  }

  protected async train(df: DataFrame, options: FitOptions): Promise<IDFModel> {
    const all = await df
      .select(namedColumn(this.getInputCol()))
      .runPartitions<Frequencies>(countDocuments.name, null, options);
    const parts = all.filter(({ numDocs }) => numDocs > 0);
    if (parts.length === 0) throw new SparkException("Haven't seen any document yet.");
    const size = parts[0].frequencies.length;
    const numDocs = parts.reduce((sum, part) => sum + part.numDocs, 0);
    const total = new Float64Array(size);
    for (const { frequencies } of parts) {
      if (frequencies.length !== size) throw wrongSize(size, frequencies.length);
      frequencies.forEach((n, j) => (total[j] += n));
    }
    const minDocFreq = this.getMinDocFreq();
    const idf = total.map((n) => (n >= minDocFreq ? Math.log((numDocs + 1) / (n + 1)) : 0));
    const docFreq = Array.from(total, (n) => (n >= minDocFreq ? n : 0));
    return new IDFModel(Vectors.dense(idf), docFreq, numDocs, this.uid);
  }
}

interface Frequencies {
  readonly numDocs: number;
  readonly frequencies: Float64Array;
}

const wrongSize = (expected: number, actual: number): IllegalArgumentException =>
  new IllegalArgumentException(`requirement failed: Dimensions mismatch: expecting ${expected} but got ${actual}.`);

const countDocuments = definePartitionFunction<null, Frequencies>({
  name: "ml.idf.count",
  async run(_, batches, context) {
    let numDocs = 0;
    let frequencies = new Float64Array(0);
    for await (const { columns } of batches) {
      context.checkCancelled();
      const { kinds, sizes, offsets, indices, values, length, ...column } = vectorView(columns[0]);
      if (column.validity !== null && firstNull(columns[0]) >= 0) throw nullVector();
      for (let i = 0; i < length; i++, numDocs++) {
        if (numDocs === 0) frequencies = new Float64Array(sizes[i]);
        else if (sizes[i] !== frequencies.length) throw wrongSize(frequencies.length, sizes[i]);
        const start = offsets[i];
        const dense = kinds[i] === 1;
        for (let k = start; k < offsets[i + 1]; k++) if (values[k] > 0) frequencies[dense ? k - start : indices[k]]++;
      }
    }
    return { numDocs, frequencies };
  },
});

export interface IDFModel extends ParamAccess<typeof params, IDFModel> {}
/** Multiplies term counts by inverse document frequencies. */
export class IDFModel extends Model {
  constructor(
    readonly idf: DenseVector,
    /** Documents that each term appears in (0 for terms rarer than `minDocFreq`). */
    readonly docFreq: readonly number[],
    /** Documents of the fit. */
    readonly numDocs: number,
    uid?: string,
  ) {
    super({}, uid);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    checkColumns(this, schema);
    const metadata = groupMetadata({ size: this.idf.size });
    return {
      name: weigh.name,
      payload: { idf: this.idf.values },
      inputs: [this.getInputCol()],
      outputs: [new StructField(this.getOutputCol(), vectorType, true, metadata)],
    };
  }

  override toString(): string {
    return `IDFModel: uid=${this.uid}, numDocs=${this.numDocs}, numFeatures=${this.idf.size}`;
  }
}

const weigh = defineBatchFunction<{ readonly idf: Float64Array }>({
  name: "ml.idf",
  open:
    ({ idf }) =>
    (columns) => {
      const column = columns[0] as VectorColumn;
      if (firstNull(column) >= 0) throw nullRow("IDFModel", VECTOR_STRUCT, VECTOR_STRUCT);
      const { kinds, offsets, indices, values, length } = vectorView(column);
      const out = new Float64Array(values.length);
      for (let i = 0; i < length; i++) {
        const start = offsets[i];
        const dense = kinds[i] === 1;
        for (let k = start; k < offsets[i + 1]; k++) {
          const j = dense ? k - start : indices[k];
          if (j >= idf.length) throw outOfBounds(j, idf.length);
          out[k] = values[k] * idf[j];
        }
      }
      return { columns: [withValues(column, out)] };
    },
});

const outOfBounds = (index: number, size: number): Error =>
  udfError(
    "IDFModel",
    VECTOR_STRUCT,
    VECTOR_STRUCT,
    new ArrayIndexOutOfBoundsException(`Index ${index} out of bounds for length ${size}`),
  );

defineStage(IDF, {
  javaClass: "org.apache.spark.ml.feature.IDF",
  params,
  testCases: [
    {
      params: { inputCol: "v", outputCol: "out" },
      schema: "v vector",
      rows: [[Vectors.dense([1, 0, 2])], [Vectors.sparse(3, [0], [5])], [Vectors.dense([0, 0, 1])]],
    },
  ],
});
defineStage(IDFModel, {
  javaClass: "org.apache.spark.ml.feature.IDFModel",
  uidPrefix: "IDF",
  params,
  persistence: {
    tables: {
      data: new StructType([
        new StructField("idf", vectorType),
        new StructField("docFreq", new ArrayType(longType, false)),
        new StructField("numDocs", longType, false),
      ]),
    },
    toData: (model) => ({ data: [[model.idf, model.docFreq.map(BigInt), BigInt(model.numDocs)]] }),
    fromData: async (saved) => {
      const [row] = await saved.rows("data");
      const idf = (row.idf as Vector).toDense();
      // Spark before 3.0 saved the weights only.
      const docFreq = (row.docFreq as readonly (number | bigint)[] | undefined) ?? [...idf.values].map(() => 0);
      return new IDFModel(idf, docFreq.map(Number), Number(row.numDocs ?? 0), saved.uid);
    },
  },
});
