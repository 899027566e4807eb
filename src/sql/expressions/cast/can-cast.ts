import { AnalysisException } from "../../../common/index.js";
import {
  ArrayType,
  BinaryType,
  BooleanType,
  type DataType,
  DateType,
  DecimalType,
  FractionalType,
  IntegralType,
  LongType,
  MapType,
  NullType,
  StringType,
  StructType,
  UserDefinedType,
} from "../../types/index.js";
import { decimalFor, isFloating, isNested, isNumeric, isTimestamp } from "../coercion.js";

/** Whether `CAST` takes one type to the other under ANSI rules. */
export function canCast(from: DataType, to: DataType): boolean {
  if (from.equals(to) || from instanceof NullType || to instanceof StringType) return true;
  if (from instanceof UserDefinedType || to instanceof UserDefinedType) return false;
  if (from instanceof ArrayType && to instanceof ArrayType) {
    return canCast(from.elementType, to.elementType) && nulls(from.containsNull, to.containsNull);
  }
  if (from instanceof MapType && to instanceof MapType) {
    return (
      canCast(from.keyType, to.keyType) &&
      canCast(from.valueType, to.valueType) &&
      nulls(from.valueContainsNull, to.valueContainsNull)
    );
  }
  if (from instanceof StructType && to instanceof StructType) {
    return (
      from.length === to.length &&
      from.fields.every(
        (f, i) => canCast(f.dataType, to.fields[i].dataType) && nulls(f.nullable, to.fields[i].nullable),
      )
    );
  }
  if (isNested(from) || isNested(to)) return false;
  if (from instanceof StringType) return !(to instanceof NullType);
  if (isNumeric(from)) return isNumeric(to) || to instanceof BooleanType || to.typeName() === "timestamp";
  if (from instanceof BooleanType) return isNumeric(to);
  if (from instanceof DateType) return isTimestamp(to);
  if (from.typeName() === "timestamp") return isNumeric(to) || to instanceof DateType || isTimestamp(to);
  if (isTimestamp(from)) return to instanceof DateType || isTimestamp(to);
  return false;
}

const nulls = (from: boolean, to: boolean): boolean => to || !from;

/** Whether Spark takes the result of a cast for nullable though the value is not (its `forceNullable`). */
export function forcesNull(from: DataType, to: DataType): boolean {
  if (from instanceof NullType || from.equals(to)) return false;
  if (from instanceof StringType) return !(to instanceof BinaryType);
  if (to instanceof StringType) return false;
  if (from.typeName() === "timestamp") return to instanceof IntegralType && !(to instanceof LongType);
  if (to instanceof DateType) return true;
  if (from instanceof DateType) return to.typeName() !== "timestamp";
  if (to instanceof DecimalType) return !holdsAll(from, to);
  return from instanceof FractionalType && (to instanceof IntegralType || (isFloating(from) && isTimestamp(to)));
}

/** Whether every value of a number type fits the decimal. */
function holdsAll(from: DataType, to: DecimalType): boolean {
  if (from instanceof BooleanType) return to.precision > to.scale;
  if (isFloating(from) || !isNumeric(from)) return false;
  const { precision, scale } = decimalFor(from);
  return to.precision - to.scale >= precision - scale;
}

/** Whether `try_cast` may give null for a value that is not. */
export function canFail(from: DataType, to: DataType): boolean {
  if (from.equals(to) || to instanceof StringType || from instanceof NullType) return false;
  if (from instanceof IntegralType && to instanceof IntegralType)
    return order.indexOf(from.typeName()) > order.indexOf(to.typeName());
  if (isNumeric(from) && isFloating(to)) return from.typeName() === "double" && to.typeName() === "float";
  return to instanceof DecimalType ? !holdsAll(from, to) : !(from instanceof DateType && isTimestamp(to));
}
const order = ["byte", "short", "integer", "long"];

/** Spark's error for a cast that does not exist. */
export function castMismatch(sql: string, from: DataType, to: DataType): AnalysisException {
  const [src, target] = [`"${from.sql()}"`, `"${to.sql()}"`];
  const functionNames = suggestion(from, to);
  const condition = functionNames
    ? "DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION"
    : `DATATYPE_MISMATCH.${legacyAllows(from, to) ? "CAST_WITH_CONF_SUGGESTION" : "CAST_WITHOUT_SUGGESTION"}`;
  const hint = functionNames ? ` To convert values from ${src} to ${target}, use ${functionNames} instead.` : "";
  return new AnalysisException(
    `Cannot resolve "${sql}" due to data type mismatch: cannot cast ${src} to ${target} with ANSI mode on.${hint}`,
    {
      condition,
      sqlState: "42K09",
      parameters: {
        sqlExpr: `"${sql}"`,
        srcType: src,
        targetType: target,
        ...(functionNames ? { functionNames } : {}),
      },
    },
  );
}

/** Casts that exist with ANSI mode off only. */
const legacyAllows = (from: DataType, to: DataType): boolean =>
  (from instanceof IntegralType && to instanceof BinaryType) ||
  (from instanceof BooleanType && isTimestamp(to)) ||
  (isTimestamp(from) && to instanceof BooleanType);

function suggestion(from: DataType, to: DataType): string | undefined {
  if (from instanceof DateType && isNumeric(to)) return "`UNIX_DATE`";
  if (isNumeric(from) && to instanceof DateType) return "`DATE_FROM_UNIX_DATE`";
  return undefined;
}
