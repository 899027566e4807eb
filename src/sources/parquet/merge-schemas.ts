import { SparkException } from "../../common/index.js";
import { ArrayType, type DataType, DecimalType, MapType, StructField, StructType } from "../../sql/types/index.js";

/** Union of two files' schemas by name; the same column must have the same type (decimals: the same scale). */
export function mergeSchemas(left: StructType, right: StructType): StructType {
  try {
    return merge(left, right) as StructType;
  } catch (cause) {
    throw new SparkException(
      `Failed merging schemas:\nInitial schema:\n"${left.sql()}"\n` +
        `Schema that cannot be merged with the initial schema:\n"${right.sql()}".`,
      {
        condition: "CANNOT_MERGE_SCHEMAS",
        sqlState: "42KD9",
        parameters: { left: `"${left.sql()}"`, right: `"${right.sql()}"` },
        cause,
      },
    );
  }
}

function merge(left: DataType, right: DataType): DataType {
  if (left instanceof StructType && right instanceof StructType) {
    const merged = left.fields.map((field) => {
      const other = right.find(field.name);
      if (!other) return field;
      const nullable = field.nullable || other.nullable;
      return new StructField(field.name, merge(field.dataType, other.dataType), nullable, field.metadata);
    });
    return new StructType([...merged, ...right.fields.filter((field) => !left.has(field.name))]);
  }
  if (left instanceof ArrayType && right instanceof ArrayType) {
    return new ArrayType(merge(left.elementType, right.elementType), left.containsNull || right.containsNull);
  }
  if (left instanceof MapType && right instanceof MapType) {
    const key = merge(left.keyType, right.keyType);
    const value = merge(left.valueType, right.valueType);
    return new MapType(key, value, left.valueContainsNull || right.valueContainsNull);
  }
  if (left instanceof DecimalType && right instanceof DecimalType && left.scale === right.scale) {
    return new DecimalType(Math.max(left.precision, right.precision), left.scale);
  }
  if (left.equals(right)) return left;
  throw new SparkException(`Failed to merge incompatible data types "${left.sql()}" and "${right.sql()}".`, {
    condition: "CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE",
    sqlState: "42825",
    parameters: { left: `"${left.sql()}"`, right: `"${right.sql()}"` },
  });
}
