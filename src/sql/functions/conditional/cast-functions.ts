import { checkCount, defineFunction, type ScalarFunction } from "../../expressions/index.js";
import {
  binaryType,
  booleanType,
  byteType,
  type DataType,
  dateType,
  DecimalType,
  doubleType,
  floatType,
  integerType,
  longType,
  shortType,
  stringType,
  timestampType,
} from "../../types/index.js";

/** `int(x)` is `CAST(x AS INT)`. */
const castFunctionOf = (type: DataType, name = type.simpleString()): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc: `The value as ${type.sql()}.`,
    signature(args, call) {
      checkCount(call, 1, 1);
      return { args, type, replacement: { kind: "cast", child: args[0], type, lenient: false } };
    },
  });

export const castFunctions: readonly ScalarFunction[] = [
  ...[booleanType, byteType, shortType, integerType, longType, floatType, doubleType].map((type) =>
    castFunctionOf(type),
  ),
  ...[stringType, binaryType, dateType, timestampType].map((type) => castFunctionOf(type)),
  castFunctionOf(new DecimalType(10, 0), "decimal"),
];
