import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { DenseMatrix, DenseVector, SparseVector } from "../../../src/linalg/index.js";
import * as T from "../../../src/sql/types/index.js";

const nested = new T.StructType([
  new T.StructField("a", new T.ArrayType(T.longType, false), false),
  new T.StructField("m", new T.MapType(T.stringType, T.doubleType), true, { comment: "x" }),
  new T.StructField("s", new T.StructType([new T.StructField("d", new T.DecimalType(12, 3))])),
  new T.StructField("v", T.vectorType),
  new T.StructField("x", T.matrixType),
  new T.StructField("o", T.knownUserDefinedTypes[2]),
  ...T.atomicTypes.map((type) => new T.StructField(type.typeName(), type)),
]);

describe("schema JSON", () => {
  test("comes back as it was", () => {
    const back = T.typeFromJson(nested.json()) as T.StructType;
    expect(back.equals(nested)).toBe(true);
    expect(back.json()).toBe(nested.json());
    expect(back.fields[3].dataType).toBeInstanceOf(T.VectorUDT);
  });

  test("has Spark's user-defined types", () => {
    const format = JSON.parse(readFileSync(new URL("../../golden/sql/udts.json", import.meta.url), "utf8")) as Record<
      string,
      unknown
    >;
    expect(T.vectorType.jsonValue()).toEqual(format.$vector);
    expect(T.matrixType.jsonValue()).toEqual(format.$matrix);
  });

  test("unknown names are Spark's error", () => {
    expect(() => T.typeFromJson("vexing")).toThrow("INVALID_JSON_DATA_TYPE");
  });
});

test("names", () => {
  expect(nested.simpleString()).toContain(
    "struct<a:array<bigint>,m:map<string,double>,s:struct<d:decimal(12,3)>,v:vector",
  );
  expect(nested.fields[0].dataType.sql()).toBe("ARRAY<BIGINT>");
  expect(T.timestampNTZType.sql()).toBe("TIMESTAMP_NTZ");
});

describe("DDL", () => {
  test("columns", () => {
    const schema = T.parseDDL(
      "a INT, `b c`: array<struct<x: bigint, y: string>> NOT NULL, d DECIMAL(10,2) COMMENT 'it''s', v vector",
    );
    expect(schema.fieldNames).toEqual(["a", "b c", "d", "v"]);
    expect(schema.fields[1].nullable).toBe(false);
    expect(schema.fields[2].dataType).toEqual(new T.DecimalType(10, 2));
    expect(schema.fields[3].dataType).toBeInstanceOf(T.VectorUDT);
    expect(schema.fields[2].metadata).toEqual({ comment: "it's" });
    expect(T.parseDDL("int").simpleString()).toBe("struct<value:int>");
    expect(T.parseDDL("struct<a: int>").simpleString()).toBe("struct<a:int>");
  });
  test("what simpleString writes", () => {
    for (const { dataType } of nested.fields) {
      if (dataType instanceof T.UserDefinedType) continue;
      expect(T.parseType(dataType.simpleString()).simpleString()).toBe(dataType.simpleString());
    }
  });
  test("errors", () => {
    expect(() => T.parseDDL("a INT,")).toThrow("PARSE_SYNTAX_ERROR");
    expect(() => T.parseType("strng")).toThrow("UNSUPPORTED_DATATYPE");
    expect(() => new T.DecimalType(39, 0)).toThrow("DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION");
  });
});

test("printSchema", () => {
  expect(T.treeString(new T.StructType(nested.fields.slice(0, 4)))).toBe(
    [
      "root",
      " |-- a: array (nullable = false)",
      " |    |-- element: long (containsNull = false)",
      " |-- m: map (nullable = true)",
      " |    |-- key: string",
      " |    |-- value: double (valueContainsNull = true)",
      " |-- s: struct (nullable = true)",
      " |    |-- d: decimal(12,3) (nullable = true)",
      " |-- v: vector (nullable = true)",
      "",
    ].join("\n"),
  );
});

describe("values", () => {
  const both = (type: T.DataType, external: unknown, internal: unknown): void => {
    expect(T.toInternal(type, external)).toEqual(internal);
    expect(T.toExternal(type, internal)).toEqual(external);
  };
  test("go in and come out", () => {
    both(T.longType, 7, 7n);
    both(T.longType, 2n ** 60n, 2n ** 60n);
    both(new T.DecimalType(10, 2), "-0.50", -50n);
    both(T.dateType, new Date("1969-12-31T00:00:00Z"), -1);
    both(T.timestampType, new Date(-1), -1000n);
    both(new T.ArrayType(T.longType), [1, null], [1n, null]);
    both(new T.MapType(T.stringType, T.longType), new Map([["a", 1]]), [["a", 1n]]);
    both(T.vectorType, new SparseVector(3, [1], [2]), new SparseVector(3, [1], [2]));
    both(T.matrixType, new DenseMatrix(1, 2, [1, 2]), [1, 1, 2, null, null, [1, 2], false]);
  });
  test("rows of any form", () => {
    const type = new T.StructType([new T.StructField("a", T.longType, false), new T.StructField("b", T.stringType)]);
    for (const row of [[1, "x"], { b: "x", a: 1 }, T.Row.of({ a: 1, b: "x" })]) {
      expect(T.toInternal(type, row)).toEqual([1n, "x"]);
    }
    const row = T.toExternal(type, [1n, null]) as T.Row;
    expect([row.a, row.get("b"), row.get(0), row.length]).toEqual([1, null, 1, 2]);
    expect(() => T.toInternal(type, [null, "x"])).toThrow("FIELD_NOT_NULLABLE_WITH_NAME");
    expect(() => T.toInternal(type, [1])).toThrow("LENGTH_SHOULD_BE_THE_SAME");
  });
  test("what does not fit is an error that names the column", () => {
    expect(() => T.internalConverter(T.integerType, "age")("old")).toThrow(/age.*FIELD|FIELD.*age/s);
    expect(() => T.internalConverter(T.byteType, "age")(200)).toThrow("VALUE_OUT_OF_BOUNDS");
    expect(() => T.internalConverter(new T.DecimalType(3, 1), "x")("100")).toThrow("NUMERIC_VALUE_OUT_OF_RANGE");
  });
});

describe("inference", () => {
  test("one type a column", () => {
    const schema = T.inferSchema([
      { a: 1, b: 1, c: null, v: new DenseVector([1]), t: new Date(0), o: { x: true } },
      { a: 2, b: 1.5, c: "s", v: new SparseVector(1, [], []), t: null, o: { x: false, y: [1] } },
    ]);
    expect(schema.simpleString()).toBe(
      "struct<a:bigint,b:double,c:string,v:vector,t:timestamp,o:struct<x:boolean,y:array<bigint>>>",
    );
  });
  test("errors", () => {
    expect(() => T.inferSchema([])).toThrow("CANNOT_INFER_EMPTY_SCHEMA");
    expect(() => T.inferSchema([{ a: null }])).toThrow("CANNOT_DETERMINE_TYPE");
    expect(() => T.inferSchema([{ a: 1 }, { a: "x" }])).toThrow("CANNOT_MERGE_TYPE");
  });
});
