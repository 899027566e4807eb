import { gather, isNull, type VectorColumn } from "../../columnar/index.js";
import { SparkException, SparkRuntimeException } from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { Vectors } from "../../linalg/index.js";
import { StructField, type StructType, VectorUDT } from "../../sql/types/index.js";
import {
  type ColumnFunction,
  declareParams,
  defineStage,
  fieldOf,
  groupMetadata,
  groupOf,
  gtEq,
  hasHandleInvalid,
  hasInputCol,
  intParam,
  oneOf,
  type ParamAccess,
  type ParamOptions,
  require,
  scalaTypeName,
  Transformer,
  vectorView,
} from "../base/index.js";

const params = declareParams({
  ...hasInputCol,
  size: intParam("Length of the vectors of the column (>= 0).", { valid: gtEq(0) }),
  handleInvalid: {
    ...hasHandleInvalid.handleInvalid,
    doc: "What to do with null and vectors of other lengths: error, skip the row, or optimistic: do not look.",
    default: "error",
    valid: oneOf("error", "skip", "optimistic"),
  },
});

/** Records the length of a column's vectors in its metadata, so that later stages need not look at the data. */
export interface VectorSizeHint extends ParamAccess<typeof params, VectorSizeHint> {}
export class VectorSizeHint extends Transformer {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    const name = this.getInputCol();
    const size = this.getSize();
    const field = fieldOf(schema, name);
    const type = field.dataType;
    require(type instanceof VectorUDT, () =>
      `Input column '${name}' must be of Vector type, got ${scalaTypeName(type)}`);
    const group = groupOf(field);
    if (group.size !== undefined && group.size !== size) {
      throw new SparkException(
        `Trying to set size of vectors in \`${name}\` to ${size} but size already set to ${group.size}.`,
      );
    }
    const metadata = group.attributes ? field.metadata : { ...field.metadata, ...groupMetadata({ size }) };
    return {
      name: checkSizes.name,
      payload: { name, size, handleInvalid: this.getHandleInvalid() },
      inputs: [name],
      outputs: [new StructField(name, type, field.nullable, metadata)],
    };
  }
}

interface SizePayload {
  readonly name: string;
  readonly size: number;
  readonly handleInvalid: string;
}

const checkSizes = defineBatchFunction<SizePayload>({
  name: "ml.vectorSizeHint",
  open:
    ({ name, size, handleInvalid }) =>
    (columns, numRows) => {
      const column = columns[0] as VectorColumn;
      if (handleInvalid === "optimistic") return { columns: [column] };
      const { sizes } = vectorView(column);
      const valid = new Int32Array(numRows);
      let n = 0;
      for (let i = 0; i < numRows; i++) {
        if (!isNull(column, i) && sizes[i] === size) valid[n++] = i;
        else if (handleInvalid === "error") throw invalid(name, size, isNull(column, i) ? undefined : sizes[i]);
      }
      if (n === numRows) return { columns: [column] };
      const selection = valid.subarray(0, n);
      return { columns: [gather(column, selection)], selection };
    },
});

function invalid(name: string, size: number, actual: number | undefined): SparkRuntimeException {
  const errorMessage =
    actual === undefined
      ? `Got null vector in VectorSizeHint, set \`handleInvalid\` to 'skip' to filter invalid rows.`
      : `VectorSizeHint Expecting a vector of size ${size} but got ${actual}`;
  return new SparkRuntimeException(errorMessage, {
    condition: "USER_RAISED_EXCEPTION",
    sqlState: "P0001",
    parameters: { errorMessage, column: name },
  });
}

defineStage(VectorSizeHint, {
  javaClass: "org.apache.spark.ml.feature.VectorSizeHint",
  params,
  testCases: [
    {
      params: { inputCol: "v", size: 2, handleInvalid: "skip" },
      schema: "v vector",
      rows: [[Vectors.dense([1, 2])], [Vectors.dense([1])], [null]],
    },
  ],
});
