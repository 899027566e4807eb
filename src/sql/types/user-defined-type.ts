import { byteType, booleanType, doubleType, integerType } from "./atomic-types.js";
import { DataType, type TypeJson } from "./data-type.js";
import { ArrayType } from "./nested-types.js";
import { StructField, StructType } from "./struct-type.js";

/** A type of a library on top of SQL: stored as `sqlType`, named by its Scala and Python classes. */
export class UserDefinedType extends DataType {
  constructor(
    readonly sqlType: DataType,
    readonly className: string | undefined,
    readonly pyClass: string | undefined,
    readonly serializedClass?: string,
  ) {
    super();
  }
  override typeName(): string {
    return "udt";
  }
  override simpleString(): string {
    return this.typeName();
  }
  override sql(): string {
    return this.sqlType.sql();
  }
  override jsonValue(): TypeJson {
    return {
      type: "udt",
      ...(this.className === undefined ? {} : { class: this.className }),
      ...(this.pyClass === undefined ? {} : { pyClass: this.pyClass }),
      ...(this.serializedClass === undefined ? {} : { serializedClass: this.serializedClass }),
      sqlType: this.sqlType.jsonValue(),
    };
  }
}

const integers = new ArrayType(integerType, false);
const doubles = new ArrayType(doubleType, false);
const vectorStruct = new StructType([
  new StructField("type", byteType, false),
  new StructField("size", integerType, true),
  new StructField("indices", integers, true),
  new StructField("values", doubles, true),
]);
const matrixStruct = new StructType([
  new StructField("type", byteType, false),
  new StructField("numRows", integerType, false),
  new StructField("numCols", integerType, false),
  new StructField("colPtrs", integers, true),
  new StructField("rowIndices", integers, true),
  new StructField("values", doubles, true),
  new StructField("isTransposed", booleanType, false),
]);

type Library = "ml" | "mllib";

/** Dense or sparse vector of doubles. `mllib` is the older class that a few saved models name. */
export class VectorUDT extends UserDefinedType {
  constructor(library: Library = "ml") {
    super(vectorStruct, `org.apache.spark.${library}.linalg.VectorUDT`, `pyspark.${library}.linalg.VectorUDT`);
  }
  override typeName(): string {
    return "vector";
  }
}

/** Dense or sparse matrix of doubles. */
export class MatrixUDT extends UserDefinedType {
  constructor(library: Library = "ml") {
    super(matrixStruct, `org.apache.spark.${library}.linalg.MatrixUDT`, `pyspark.${library}.linalg.MatrixUDT`);
  }
  override typeName(): string {
    return "matrix";
  }
}

export const vectorType = new VectorUDT();
export const matrixType = new MatrixUDT();

/** User-defined types that kindling knows, found by their class name when a schema is read. */
export const knownUserDefinedTypes: readonly UserDefinedType[] = [
  vectorType,
  matrixType,
  new VectorUDT("mllib"),
  new MatrixUDT("mllib"),
];
