import { bitAt, type BytesColumn, type Column, encodeInto, isNull, type ListColumn } from "../../columnar/index.js";
import {
  IllegalArgumentException,
  murmur3Bytes,
  murmur3Double,
  murmur3Float,
  murmur3Int,
  murmur3Long,
  SparkException,
} from "../../common/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import {
  ArrayType,
  type DataType,
  DecimalType,
  StructField,
  type StructType,
  vectorType,
} from "../../sql/types/index.js";
import {
  booleanParam,
  catalogString,
  type ColumnFunction,
  declareParams,
  defineStage,
  fieldOf,
  firstNull,
  groupMetadata,
  hasInputCol,
  hasNumFeatures,
  hasOutputCol,
  nullRow,
  type ParamAccess,
  type ParamOptions,
  require,
  Transformer,
  udfError,
  VECTOR_STRUCT,
} from "../base/index.js";
import { TermCounts } from "./term-counts.js";

const SEED = 42;

const params = declareParams({
  ...hasInputCol,
  ...hasOutputCol,
  ...hasNumFeatures,
  binary: booleanParam("Whether counts above zero all become 1.", { default: false }),
});

/** Counts terms by their hash: MurmurHash3 of the term, modulo the number of features. */
export interface HashingTF extends ParamAccess<typeof params, HashingTF> {}
export class HashingTF extends Transformer {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  /** Index of a term in the vectors: a string, boolean, bigint, null or number (whole numbers hash as int or long). */
  indexOf(term: unknown): number {
    return remainder(hashTerm(term), this.getNumFeatures());
  }

  protected override columnFunction(schema: StructType): ColumnFunction {
    const input = this.getInputCol();
    const type = fieldOf(schema, input).dataType;
    require(type instanceof ArrayType, () => `The input column must be array, but got ${catalogString(type)}.`);
    const output = this.getOutputCol();
    require(!schema.has(output), () => `Column ${output} already exists.`);
    const numFeatures = this.getNumFeatures();
    return {
      name: countHashes.name,
      payload: { numFeatures, binary: this.getBinary(), unsupported: unsupportedClass(type.elementType) },
      inputs: [input],
      outputs: [new StructField(output, vectorType, true, groupMetadata({ size: numFeatures }))],
    };
  }

  override toString(): string {
    return `HashingTF: uid=${this.uid}, binary=${this.getBinary()}, numFeatures=${this.getNumFeatures()}`;
  }
}

/** Java class of terms that have no hash, or undefined. */
function unsupportedClass(type: DataType): string | undefined {
  if (type instanceof DecimalType) return "java.math.BigDecimal";
  const classes: Readonly<Record<string, string>> = {
    date: "java.sql.Date",
    timestamp: "java.sql.Timestamp",
    timestamp_ntz: "java.time.LocalDateTime",
    binary: "byte[]",
    array: "scala.collection.immutable.ArraySeq.ofRef",
    map: "scala.collection.immutable.Map",
    struct: "org.apache.spark.sql.Row",
    udt: "org.apache.spark.ml.linalg.Vector",
  };
  return classes[type.typeName()];
}

const remainder = (hash: number, n: number): number => ((hash % n) + n) % n;

function hashTerm(term: unknown): number {
  if (term === null || term === undefined) return SEED;
  if (typeof term === "boolean") return murmur3Int(term ? 1 : 0, SEED);
  if (typeof term === "bigint") return murmur3Long(term, SEED);
  if (typeof term === "string") {
    const bytes = new Uint8Array(term.length * 3);
    return murmur3Bytes(bytes, 0, encodeInto(term, bytes, 0), SEED);
  }
  if (typeof term === "number") {
    if (!Number.isInteger(term)) return murmur3Double(term, SEED);
    return (term | 0) === term ? murmur3Int(term, SEED) : murmur3Long(BigInt(term), SEED);
  }
  throw new IllegalArgumentException(`HashingTF hashes strings, numbers and booleans, not ${typeof term}`);
}

interface HashPayload {
  readonly numFeatures: number;
  readonly binary: boolean;
  readonly unsupported: string | undefined;
}

const countHashes = defineBatchFunction<HashPayload>({
  name: "ml.hashingTF",
  open({ numFeatures, binary, unsupported }) {
    const counts = new TermCounts(numFeatures);
    return (columns) => {
      const column = columns[0] as ListColumn;
      if (firstNull(column) >= 0) throw nullRow("HashingTF", "array", VECTOR_STRUCT);
      const { child, offsets, length } = column;
      const hashAt = termHashes(child, unsupported);
      const rows = counts.open(length, offsets[length] - offsets[0]);
      for (let i = 0; i < length; i++) {
        for (let k = offsets[i]; k < offsets[i + 1]; k++) {
          counts.add(isNull(child, k) ? remainder(SEED, numFeatures) : remainder(hashAt(k), numFeatures));
        }
        counts.endRow(rows, binary ? () => 1 : (count) => count);
      }
      return { columns: [rows.finish()] };
    };
  },
});

function termHashes(child: Column, unsupported: string | undefined): (k: number) => number {
  if (unsupported !== undefined) {
    return () => {
      const reason = `FeatureHasher with murmur3 algorithm does not support type ${unsupported} of input data.`;
      throw udfError("HashingTF", "array", VECTOR_STRUCT, new SparkException(reason));
    };
  }
  switch (child.layout) {
    case "utf8": {
      const { bytes, offsets } = child as BytesColumn;
      return (k) => murmur3Bytes(bytes, offsets[k], offsets[k + 1], SEED);
    }
    case "bool":
      return (k) => murmur3Int(bitAt(child.values, k) ? 1 : 0, SEED);
    case "i8":
    case "i16":
    case "i32":
      return (k) => murmur3Int(child.values[k], SEED);
    case "i64":
      return (k) => murmur3Long(child.values[k], SEED);
    case "f32":
      return (k) => murmur3Float(child.values[k], SEED);
    case "f64":
      return (k) => murmur3Double(child.values[k], SEED);
    default:
      return () => SEED;
  }
}

defineStage(HashingTF, {
  javaClass: "org.apache.spark.ml.feature.HashingTF",
  params,
  testCases: [
    {
      params: { inputCol: "w", outputCol: "out", numFeatures: 64 },
      schema: "w array<string>",
      rows: [[["a", "b", "a"]], [[]], [["The", null]]],
    },
  ],
});
