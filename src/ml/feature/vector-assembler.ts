import { type Column, isNull, type VectorColumn } from "../../columnar/index.js";
import { IllegalArgumentException, NoSuchElementException, SparkException } from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import type { Vector } from "../../linalg/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import { BooleanType, DoubleType, StructField, type StructType, VectorUDT, vectorType } from "../../sql/types/index.js";
import {
  type Attribute,
  attributeOf,
  catalogString,
  type ColumnFunction,
  compressedRows,
  declareParams,
  defineStage,
  fieldOf,
  groupMetadata,
  groupOf,
  hasHandleInvalid,
  hasInputCols,
  hasOutputCol,
  isNumericType,
  namedColumn,
  type ParamAccess,
  type ParamOptions,
  Transformer,
  udfError,
  VECTOR_STRUCT,
  VectorRows,
  vectorView,
} from "../base/index.js";
import { numbersOf, scaleOf } from "./numeric-reader.js";

const params = declareParams({
  ...hasInputCols,
  ...hasOutputCol,
  handleInvalid: {
    ...hasHandleInvalid.handleInvalid,
    doc: "What to do with null and NaN: error, skip the row, or keep them as NaN.",
    default: "error",
  },
});

/** Concatenates numbers, booleans and vectors to one vector. */
export interface VectorAssembler extends ParamAccess<typeof params, VectorAssembler> {}
export class VectorAssembler extends Transformer {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override transformSchema(schema: StructType): StructType {
    for (const field of this.inputFields(schema)) {
      const type = field.dataType;
      if (isNumericType(type) || type instanceof BooleanType || type instanceof VectorUDT) continue;
      throw new IllegalArgumentException(`Data type ${catalogString(type)} of column ${field.name} is not supported.`);
    }
    const output = this.getOutputCol();
    if (schema.has(output)) throw new IllegalArgumentException(`Output column ${output} already exists.`);
    return schema.add(new StructField(output, vectorType));
  }

  private inputFields(schema: StructType): StructField[] {
    return this.getInputCols().map((name) => fieldOf(schema, name));
  }

  protected override transformData(df: DataFrame): DataFrame {
    return df.mapColumns(async (schema: StructType) => {
      this.transformSchema(schema);
      return this.assembling(schema, await this.vectorSizes(df, schema));
    });
  }

  private assembling(schema: StructType, sizes: ReadonlyMap<string, number>): ColumnFunction {
    const fields = this.inputFields(schema);
    const attributes = fields.flatMap((field) => attributesFor(field, sizes.get(field.name)));
    return {
      name: assemble.name,
      payload: {
        handleInvalid: this.getHandleInvalid(),
        scales: fields.map((field) => scaleOf(field.dataType)),
        sizes: fields.map((field) => sizes.get(field.name) ?? 1),
      },
      inputs: fields.map((field) => field.name),
      outputs: [new StructField(this.getOutputCol(), vectorType, true, groupMetadata({ attributes }))],
    };
  }

  /** Lengths of the vector inputs: from the metadata, or else from the first row. */
  private async vectorSizes(df: DataFrame, schema: StructType): Promise<ReadonlyMap<string, number>> {
    const vectors = this.inputFields(schema).filter((field) => field.dataType instanceof VectorUDT);
    const sizes = new Map(vectors.map((field) => [field.name, groupOf(field).size ?? -1]));
    const unknown = [...sizes].filter(([, size]) => size === -1).map(([name]) => name);
    if (unknown.length === 0) return sizes;
    const hint = `Consider using VectorSizeHint to add metadata for columns: [${unknown.join(", ")}].`;
    if (this.getHandleInvalid() === "keep") {
      throw new SparkException(`Can not infer column lengths with handleInvalid = "keep". ${hint}`);
    }
    const vectorRows = df.select(...unknown.map(namedColumn));
    const first = await (this.getHandleInvalid() === "skip" ? vectorRows.na.drop() : vectorRows).head();
    if (!first) {
      throw new NoSuchElementException(
        `Encountered empty dataframe while inferring lengths from the first row. ${hint}`,
      );
    }
    unknown.forEach((name, i) => {
      const vector = first.get(i) as Vector | null;
      if (vector === null) {
        throw new SparkException(`Encountered null value while inferring lengths from the first row. ${hint}`);
      }
      sizes.set(name, vector.size);
    });
    return sizes;
  }

  override toString(): string {
    const count = this.isSet("inputCols") ? `, numInputCols=${this.getInputCols().length}` : "";
    return `VectorAssembler: uid=${this.uid}, handleInvalid=${this.getHandleInvalid()}${count}`;
  }
}

/** Attributes of the elements that a column contributes, named after the column. */
function attributesFor(field: StructField, size: number | undefined): readonly Attribute[] {
  const { name, dataType } = field;
  if (dataType instanceof VectorUDT) {
    const known = groupOf(field).attributes;
    if (known) return known.map((attribute, i) => ({ ...attribute, name: `${name}_${attribute.name ?? i}` }));
    return Array.from({ length: size! }, (_, i) => ({ type: "numeric", name: `${name}_${i}` }));
  }
  const known = dataType instanceof DoubleType ? attributeOf(field) : undefined;
  return [known ? { ...known, name } : { type: "numeric", name }];
}

interface AssemblePayload {
  readonly handleInvalid: string;
  readonly scales: readonly number[];
  /** Number of elements of each column; of vectors what a null stands for. */
  readonly sizes: readonly number[];
}

const assemble = defineBatchFunction<AssemblePayload>({
  name: "ml.vectorAssembler",
  open:
    ({ handleInvalid, scales, sizes }) =>
    (columns, numRows) => {
      const sources = columns.map((column, c) => (column.layout === "vector" ? column : numbersOf(column, scales[c])));
      if (handleInvalid === "error") checkRows(columns, sources, numRows);
      const selection = handleInvalid === "skip" ? validRows(columns, sources, numRows) : undefined;
      const rows = selection ?? Int32Array.from({ length: numRows }, (_, i) => i);
      const made = sources.every(isPlain)
        ? assembleDense(columns, sources, rows)
        : assembleMixed(columns, sources, sizes, rows);
      return selection && selection.length < numRows ? { columns: [made], selection } : { columns: [made] };
    },
});

type Source = Float64Array | VectorColumn;
const isPlain = (source: Source): boolean =>
  source instanceof Float64Array || (source.form === "dense" && source.validity === null);

const failure = (reason: string): SparkException =>
  udfError("VectorAssembler", "struct", VECTOR_STRUCT, new SparkException(reason));

function checkRows(columns: readonly Column[], sources: readonly Source[], numRows: number): void {
  columns.forEach((column, c) => {
    const source = sources[c];
    const nullable = column.validity !== null || column.layout === "null";
    const numbers = source instanceof Float64Array ? source : undefined;
    if (!nullable && !numbers) return;
    for (let i = 0; i < numRows; i++) {
      if (nullable && isNull(column, i)) {
        throw failure(
          'Encountered null while assembling a row with handleInvalid = "error". Consider\nremoving nulls from dataset or using handleInvalid = "keep" or "skip".',
        );
      }
      if (numbers && Number.isNaN(numbers[i])) {
        throw failure(
          'Encountered NaN while assembling a row with handleInvalid = "error". Consider removing NaNs from dataset or using handleInvalid = "keep" or "skip".',
        );
      }
    }
  });
}

function validRows(columns: readonly Column[], sources: readonly Source[], numRows: number): Int32Array {
  const rows = new Int32Array(numRows);
  let n = 0;
  for (let i = 0; i < numRows; i++) {
    const valid = columns.every((column, c) => {
      const source = sources[c];
      return !isNull(column, i) && !(source instanceof Float64Array && Number.isNaN(source[i]));
    });
    if (valid) rows[n++] = i;
  }
  return rows.subarray(0, n);
}

/** Numbers and dense vectors: every row has the same length. */
function assembleDense(columns: readonly Column[], sources: readonly Source[], rows: Int32Array): VectorColumn {
  const widths = sources.map((source) => (source instanceof Float64Array ? 1 : (source as { size: number }).size));
  const size = widths.reduce((sum, width) => sum + width, 0);
  const out = new Float64Array(rows.length * size);
  let first = 0;
  sources.forEach((source, c) => {
    const width = widths[c];
    if (source instanceof Float64Array) {
      const nullable = columns[c].validity !== null || columns[c].layout === "null";
      for (let r = 0, at = first; r < rows.length; r++, at += size) {
        // Adding zero turns -0.0 into 0.0, which Spark does not store.
        out[at] = nullable && isNull(columns[c], rows[r]) ? Number.NaN : source[rows[r]] + 0;
      }
    } else {
      for (let r = 0; r < rows.length; r++) {
        const from = rows[r] * width;
        for (let j = 0, at = r * size + first; j < width; j++, at++) out[at] = source.values[from + j] + 0;
      }
    }
    first += width;
  });
  return compressedRows(out, size, rows.length);
}

function assembleMixed(
  columns: readonly Column[],
  sources: readonly Source[],
  sizes: readonly number[],
  rows: Int32Array,
): VectorColumn {
  const views = sources.map((source) => (source instanceof Float64Array ? undefined : vectorView(source)));
  const out = new VectorRows(rows.length, rows.length * sources.length);
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r];
    let first = 0;
    for (let c = 0; c < sources.length; c++) {
      const view = views[c];
      if (isNull(columns[c], row)) {
        for (let j = 0; j < sizes[c]; j++) out.push(first + j, Number.NaN);
        first += sizes[c];
      } else if (!view) {
        const value = (sources[c] as Float64Array)[row];
        if (value !== 0) out.push(first, value);
        first++;
      } else {
        const start = view.offsets[row];
        const dense = view.kinds[row] === 1;
        for (let k = start; k < view.offsets[row + 1]; k++) {
          if (view.values[k] !== 0) out.push(first + (dense ? k - start : view.indices[k]), view.values[k]);
        }
        first += view.sizes[row];
      }
    }
    out.endCompressed(first);
  }
  return out.finish();
}

defineStage(VectorAssembler, {
  javaClass: "org.apache.spark.ml.feature.VectorAssembler",
  params,
  // Vectors without a size hint need a first row, as in Spark: the golden cases cover them.
  testCases: [
    {
      params: { inputCols: ["x", "i", "b"], outputCol: "out" },
      schema: "x double, i int, b boolean",
      rows: [
        [1, 2, true],
        [0, 0, false],
      ],
    },
    {
      params: { inputCols: ["x", "i"], outputCol: "out", handleInvalid: "keep" },
      schema: "x double, i int",
      rows: [
        [1, null],
        [Number.NaN, 2],
      ],
    },
  ],
});
