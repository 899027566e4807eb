import { ParseException } from "../../common/index.js";
import { atomicTypes, stringType } from "./atomic-types.js";
import type { DataType, TypeJson } from "./data-type.js";
import { DecimalType } from "./decimal-type.js";
import { ArrayType, MapType } from "./nested-types.js";
import { StructField, StructType } from "./struct-type.js";
import { knownUserDefinedTypes, UserDefinedType } from "./user-defined-type.js";

interface FieldJson {
  readonly name: string;
  readonly type: TypeJson;
  readonly nullable: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const unknown = (json: unknown): ParseException =>
  new ParseException(`Failed to convert the JSON ${JSON.stringify(json)} to a data type.`, {
    condition: "INVALID_JSON_DATA_TYPE",
    sqlState: "2203G",
    parameters: { invalidType: JSON.stringify(json) },
  });

const byName = new Map<string, DataType>(atomicTypes.map((type) => [type.typeName(), type]));

/** The type that a JSON text or value (see `DataType.jsonValue`) describes. */
export function typeFromJson(json: TypeJson): DataType {
  if (typeof json === "string") {
    if (json.trimStart().startsWith("{")) return typeFromJson(JSON.parse(json) as TypeJson);
    const decimal = /^decimal\(\s*(\d+)\s*,\s*(-?\d+)\s*\)$/.exec(json);
    if (decimal) return new DecimalType(Number(decimal[1]), Number(decimal[2]));
    if (json === "decimal") return new DecimalType();
    if (/^(var)?char\(\d+\)$/.test(json)) return stringType;
    const named = byName.get(json);
    if (!named) throw unknown(json);
    return named;
  }
  switch (json.type) {
    case "array":
      return new ArrayType(typeFromJson(json.elementType as TypeJson), json.containsNull as boolean);
    case "map": {
      const [key, value] = [json.keyType, json.valueType].map((type) => typeFromJson(type as TypeJson));
      return new MapType(key, value, json.valueContainsNull as boolean);
    }
    case "struct":
      return structFromJson(json);
    case "udt":
      return (
        knownUserDefinedTypes.find((known) => known.className === json.class) ??
        new UserDefinedType(
          typeFromJson(json.sqlType as TypeJson),
          json.class as string | undefined,
          json.pyClass as string | undefined,
          json.serializedClass as string | undefined,
        )
      );
    default:
      throw unknown(json);
  }
}

/** The struct that a JSON text or value describes. */
export function structFromJson(json: TypeJson): StructType {
  const value = typeof json === "string" ? (JSON.parse(json) as TypeJson) : json;
  if (typeof value === "string" || value.type !== "struct") throw unknown(value);
  return new StructType(
    (value.fields as readonly FieldJson[]).map(
      (field) => new StructField(field.name, typeFromJson(field.type), field.nullable, field.metadata ?? {}),
    ),
  );
}
