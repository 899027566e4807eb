import { ArrayIndexOutOfBoundsException, SparkRuntimeException } from "../../../common/index.js";
import {
  castTo,
  checkCount,
  defineFunction,
  implicitCast,
  isNullable,
  type ScalarFunction,
  tightestCommonType,
  typeMismatch,
  typeOf,
  unexpectedInput,
  valueOrder,
} from "../../expressions/index.js";
import {
  ArrayType,
  type DataType,
  IntegralType,
  integerType,
  MapType,
  NullType,
  StringType,
  StructType,
} from "../../types/index.js";

type Entries = readonly (readonly [unknown, unknown])[];

/** Looks a key up in a map; null when it is not there. */
function lookUp(keyType: DataType): (entries: Entries, key: unknown) => unknown {
  const order = valueOrder(keyType);
  return (entries, key) => {
    for (const [k, value] of entries) if (order(k, key) === 0) return value;
    return null;
  };
}

function outOfBounds(
  condition: string,
  index: number,
  size: number,
  alternative: string,
): ArrayIndexOutOfBoundsException {
  return new ArrayIndexOutOfBoundsException(
    `The index ${index} is out of bounds. The array has ${size} elements. Use the SQL function \`${alternative}\` to tolerate accessing element at invalid index and return NULL instead.`,
    {
      condition,
      sqlState: "22003",
      parameters: { indexValue: String(index), arraySize: String(size), functionName: `\`${alternative}\`` },
    },
  );
}

function mapKeyMismatch(name: string, map: MapType, key: DataType, call: Parameters<typeof typeMismatch>[0]): Error {
  return typeMismatch(
    call,
    "MAP_FUNCTION_DIFF_TYPES",
    `Input to \`${name}\` should have been "MAP" followed by a value with same key type, but it's ["${map.sql()}", "${key.sql()}"].`,
    { functionName: `\`${name}\``, dataType: '"MAP"', leftType: `"${map.sql()}"`, rightType: `"${key.sql()}"` },
  );
}

const elementOf = (name: string, doc: string, lenient: boolean): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature(args, call) {
      checkCount(call, 2, 2);
      const [container, key] = args.map(typeOf);
      if (container instanceof MapType) {
        const common = key instanceof NullType ? undefined : tightestCommonType(container.keyType, key);
        if (!common) throw mapKeyMismatch(name, container, key, call);
        const map = castTo(args[0], new MapType(common, container.valueType, container.valueContainsNull));
        return { args: [map, castTo(args[1], common)], type: container.valueType, nullable: true };
      }
      if (!(container instanceof ArrayType)) throw unexpectedInput(call, 0, ["array", "map"]);
      if (!(key instanceof IntegralType)) throw unexpectedInput(call, 1, integerType);
      const index = implicitCast(args[1], integerType, call, 1);
      return {
        args: [args[0], index],
        type: container.elementType,
        nullable: lenient || container.containsNull || args.some(isNullable),
      };
    },
    eval(call) {
      const container = typeOf(call.args[0]);
      if (container instanceof MapType) return lookUp(container.keyType);
      return (list: readonly unknown[], index: number) => {
        if (index === 0) {
          throw new SparkRuntimeException(
            "The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).",
            { condition: "INVALID_INDEX_OF_ZERO", sqlState: "22003" },
          );
        }
        const at = index > 0 ? index - 1 : list.length + index;
        if (at >= 0 && at < list.length) return list[at];
        if (lenient) return null;
        throw outOfBounds("INVALID_ARRAY_INDEX_IN_ELEMENT_AT", index, list.length, "try_element_at");
      };
    },
  });

export const elementAt = elementOf(
  "element_at",
  "An array's element (1 is the first, -1 the last), or a map's value.",
  false,
);
export const tryElementAt = elementOf(
  "try_element_at",
  "As element_at, with null where there is no such element.",
  true,
);

export const get = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["get"],
  doc: "An array's element, counted from 0; null where there is none.",
  signature(args, call) {
    checkCount(call, 2, 2);
    const list = typeOf(args[0]);
    if (!(list instanceof ArrayType)) throw unexpectedInput(call, 0, "array");
    return { args: [args[0], implicitCast(args[1], integerType, call, 1)], type: list.elementType, nullable: true };
  },
  eval: () => (list: readonly unknown[], index: number) => list[index] ?? null,
});

/** `column[key]` and `column.getField(name)`: a struct's field, an array's element (from 0) or a map's value. */
export const getItem = defineFunction<ScalarFunction>({
  kind: "scalar",
  names: ["getItem", "getField"],
  doc: "A struct's field, an array's element counted from 0, or a map's value.",
  signature(args, call) {
    checkCount(call, 2, 2);
    const [container, key] = args;
    const type = typeOf(container);
    const nullable = args.some(isNullable);
    if (type instanceof MapType) {
      const cast = implicitCast(key, type.keyType, call, 1);
      return { args: [container, cast], type: type.valueType, nullable: true };
    }
    const struct = type instanceof ArrayType && typeOf(key) instanceof StringType ? type.elementType : type;
    if (struct instanceof StructType && key.kind === "literal") {
      const name = String(key.value);
      const at = fieldPosition(struct, name);
      const field = struct.fields[at];
      const position = { kind: "literal", value: at, type: integerType, nullable: false } as const;
      if (struct === type)
        return { args: [container, position], type: field.dataType, nullable: nullable || field.nullable };
      const list = new ArrayType(field.dataType, (type as ArrayType).containsNull || field.nullable);
      return { args: [container, position], type: list, nullable };
    }
    if (!(type instanceof ArrayType)) {
      throw typeMismatch(
        call,
        "UNEXPECTED_INPUT_TYPE",
        `"${type.sql()}" has no items; a struct, an array or a map has.`,
        {
          inputType: `"${type.sql()}"`,
        },
      );
    }
    const index = implicitCast(key, integerType, call, 1);
    return { args: [container, index], type: type.elementType, nullable: nullable || type.containsNull };
  },
  eval(call) {
    const type = typeOf(call.args[0]);
    if (type instanceof MapType) return lookUp(type.keyType);
    if (type instanceof StructType) return (values: readonly unknown[], position: number) => values[position];
    const { elementType } = type as ArrayType;
    if (elementType instanceof StructType && !call.type.equals(elementType)) {
      return (list: readonly (readonly unknown[] | null)[], position: number) =>
        list.map((item) => (item === null ? null : item[position]));
    }
    return (list: readonly unknown[], index: number) => {
      if (index >= 0 && index < list.length) return list[index];
      throw outOfBounds("INVALID_ARRAY_INDEX", index, list.length, "get");
    };
  },
});

function fieldPosition(struct: StructType, name: string): number {
  const exact = struct.indexOf(name);
  if (exact >= 0) return exact;
  const at = struct.fields.findIndex((field) => field.name.toLowerCase() === name.toLowerCase());
  if (at >= 0) return at;
  const fields = struct.fieldNames.map((field) => `\`${field}\``).join(", ");
  throw new SparkRuntimeException(`No such struct field \`${name}\` in ${fields}.`, {
    condition: "FIELD_NOT_FOUND",
    sqlState: "42704",
    parameters: { fieldName: `\`${name}\``, fields },
  });
}
