import { AnalysisException, XORShiftRandom } from "../../common/index.js";
import type { SourceFile } from "../../sql/source/index.js";
import {
  ArrayType,
  booleanType,
  type DataType,
  DecimalType,
  doubleType,
  DoubleType,
  longType,
  LongType,
  nullType,
  NullType,
  stringType,
  StructField,
  StructType,
  timestampType,
} from "../../sql/types/index.js";
import { type DateTimeParsers, dateTimeParsers } from "../shared/datetime-parsers.js";
import type { JsonOptions } from "./json-options.js";
import { jsonDocuments, malformedJson } from "./json-reader.js";
import { JsonScanner, JsonSyntaxError } from "./json-scanner.js";

/** Schema of JSON files: the union of all records' fields, sorted by name. */
export async function inferJsonSchema(
  files: readonly SourceFile[],
  options: JsonOptions,
  zone: string,
): Promise<StructType> {
  const inference = new JsonInference(options, dateTimeParsers(options, zone));
  const random = options.samplingRatio < 1 ? new XORShiftRandom(1) : undefined;
  for (const file of files) {
    for await (const { bytes, starts, ends, count } of jsonDocuments({ file, start: 0, end: Infinity }, options)) {
      for (let i = 0; i < count; i++) {
        if (!random || random.nextDouble() < options.samplingRatio) inference.add(bytes, starts[i], ends[i]);
      }
    }
  }
  return inference.schema();
}

class JsonInference {
  private readonly scanner: JsonScanner;
  private root: DataType = nullType;

  constructor(
    private readonly options: JsonOptions,
    private readonly parsers: DateTimeParsers,
  ) {
    this.scanner = new JsonScanner(options.syntax);
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    this.scanner.reset(bytes, start, end);
    try {
      if (this.scanner.next() === "end") return;
      this.root = this.mergeRoots(this.root, this.typeOf());
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      if (this.options.mode === "FAILFAST") throw malformedJson(error.message);
      if (this.options.mode === "PERMISSIVE") this.root = this.mergeRoots(this.root, this.corrupt());
    }
  }

  schema(): StructType {
    const known = this.options.dropFieldIfAllNull ? withoutNulls(this.root) : this.root;
    const type = known && canonical(known);
    const schema = type instanceof StructType ? type : new StructType();
    const seen = new Set<string>();
    for (const { name } of schema.fields) {
      const key = this.options.caseSensitive ? name : name.toLowerCase();
      if (seen.has(key)) {
        throw new AnalysisException(
          `The column \`${key}\` already exists. Choose another name or rename the existing column.`,
          {
            condition: "COLUMN_ALREADY_EXISTS",
            sqlState: "42711",
            parameters: { columnName: `\`${key}\`` },
          },
        );
      }
      seen.add(key);
    }
    return schema;
  }

  private corrupt(): StructType {
    return new StructType([new StructField(this.options.columnNameOfCorruptRecord, stringType)]);
  }

  private typeOf(): DataType {
    const { scanner, options } = this;
    const kind = scanner.next();
    switch (kind) {
      case "object": {
        const fields: StructField[] = [];
        scanner.object((name) => fields.push(new StructField(name, this.typeOf())));
        return sortedStruct(fields);
      }
      case "array": {
        let item: DataType = nullType;
        scanner.array(() => (item = compatible(item, this.typeOf())));
        return new ArrayType(item);
      }
      case "string":
        return this.stringKind(scanner.string());
      case "int":
      case "float":
        return this.numberKind(scanner.number(), kind);
      case "true":
      case "false":
        scanner.literal(kind);
        return options.primitivesAsString ? stringType : booleanType;
      case "null":
        scanner.literal(kind);
        return nullType;
      case "end":
        throw scanner.fail("a value is missing");
    }
  }

  private stringKind(text: string): DataType {
    if (text === "") return nullType;
    const { prefersDecimal, inferTimestamp } = this.options;
    if (prefersDecimal && /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) return decimalOf(text) ?? stringType;
    return inferTimestamp && this.parsers.timestamp(text) !== undefined ? timestampType : stringType;
  }

  private numberKind(text: string, kind: "int" | "float"): DataType {
    if (this.options.primitivesAsString) return stringType;
    if (kind === "int") {
      const value = BigInt(text);
      return BigInt.asIntN(64, value) === value ? longType : (decimalOf(text) ?? doubleType);
    }
    return (this.options.prefersDecimal && decimalOf(text)) || doubleType;
  }

  private mergeRoots(a: DataType, b: DataType): DataType {
    if (a instanceof ArrayType) return this.mergeRoots(a.elementType, b);
    if (b instanceof ArrayType) return this.mergeRoots(a, b.elementType);
    if (a instanceof NullType) return b;
    if (b instanceof NullType) return a;
    if (a instanceof StructType === b instanceof StructType) return compatible(a, b);
    const struct = a instanceof StructType ? a : (b as StructType);
    if (this.options.mode === "FAILFAST") throw malformedJson(`a record that is no object among objects`);
    if (this.options.mode === "DROPMALFORMED" || struct.has(this.options.columnNameOfCorruptRecord)) return struct;
    return sortedStruct([...struct.fields, ...this.corrupt().fields]);
  }
}

const byName = (a: StructField, b: StructField): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
const sortedStruct = (fields: StructField[]): StructType => new StructType(fields.sort(byName));

/** The decimal type of a number's text, as `BigDecimal` reads it; undefined beyond 38 digits. */
function decimalOf(text: string): DecimalType | undefined {
  const match = /^[+-]?(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return undefined;
  const scale = (match[2]?.length ?? 0) - Number(match[3] ?? 0);
  const precision = (match[1] + (match[2] ?? "")).replace(/^0+(?=\d)/, "").length;
  const digits = Math.max(precision, scale);
  if (digits > DecimalType.MAX_PRECISION) return undefined;
  if (scale >= 0) return new DecimalType(digits, scale);
  throw new AnalysisException(`Negative scale is not allowed: ${scale}.`, {
    condition: "NEGATIVE_SCALE_DISALLOWED",
    sqlState: "0A000",
    parameters: { scale: String(scale), sqlConf: '"spark.sql.legacy.allowNegativeScaleOfDecimal"' },
  });
}

/** The type of values of both types; string when they have nothing in common. */
export function compatible(a: DataType, b: DataType): DataType {
  if (a instanceof NullType) return b;
  if (b instanceof NullType) return a;
  if (a instanceof StructType && b instanceof StructType) return mergeStructs(a, b);
  if (a instanceof ArrayType && b instanceof ArrayType) return new ArrayType(compatible(a.elementType, b.elementType));
  if (a.equals(b)) return a;
  const [x, y] = [widened(a), widened(b)];
  if (a instanceof LongType && b instanceof DoubleType) return b;
  if (a instanceof DoubleType && b instanceof LongType) return a;
  if (x instanceof DecimalType && y instanceof DecimalType) {
    const scale = Math.max(x.scale, y.scale);
    const range = Math.max(x.precision - x.scale, y.precision - y.scale);
    return range + scale > DecimalType.MAX_PRECISION ? doubleType : new DecimalType(range + scale, scale);
  }
  const isReal = (t: DataType): boolean => t instanceof DoubleType || t instanceof DecimalType;
  return isReal(a) && isReal(b) ? doubleType : stringType;
}

const widened = (type: DataType): DataType => (type instanceof LongType ? new DecimalType(20, 0) : type);

function mergeStructs(a: StructType, b: StructType): StructType {
  const merged = new Map(a.fields.map((field) => [field.name, field.dataType]));
  if (merged.size < a.length) return a;
  for (const { name, dataType } of b.fields) {
    const own = merged.get(name);
    merged.set(name, own ? compatible(own, dataType) : dataType);
  }
  return sortedStruct([...merged].map(([name, type]) => new StructField(name, type)));
}

/** Nulls become strings; fields of empty structs are left out. */
function canonical(type: DataType): DataType | undefined {
  if (type instanceof NullType) return stringType;
  if (type instanceof ArrayType) {
    const item = canonical(type.elementType);
    return item && new ArrayType(item);
  }
  if (!(type instanceof StructType)) return type;
  const fields = type.fields.flatMap((field) => {
    const known = canonical(field.dataType);
    return known ? [new StructField(field.name, known)] : [];
  });
  return fields.length > 0 ? new StructType(fields) : undefined;
}

function withoutNulls(type: DataType): DataType | undefined {
  if (type instanceof NullType) return undefined;
  if (type instanceof ArrayType) {
    const item = withoutNulls(type.elementType);
    return item && new ArrayType(item);
  }
  if (!(type instanceof StructType)) return type;
  const fields = type.fields.flatMap((field) => {
    const known = withoutNulls(field.dataType);
    return known ? [new StructField(field.name, known)] : [];
  });
  return fields.length > 0 ? new StructType(fields) : undefined;
}
