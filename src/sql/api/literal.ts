import { SparkRuntimeException } from "../../common/index.js";
import type { Expression } from "../expressions/index.js";
import { DecimalType, inferType, integerType, longType, toInternal, type DataType } from "../types/index.js";

/** A literal of a JavaScript value: integers that fit 32 bits are INT, larger ones BIGINT, other numbers DOUBLE. */
export function literal(value: unknown, type: DataType = literalType(value)): Expression {
  return { kind: "literal", value: toInternal(type, value), type, nullable: value === null || value === undefined };
}

function literalType(value: unknown): DataType {
  if (typeof value === "number" && Number.isInteger(value)) {
    if (value === (value | 0) && !Object.is(value, -0)) return integerType;
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return longType;
  }
  if (typeof value === "bigint" && BigInt.asIntN(64, value) !== value) return new DecimalType(String(value).length, 0);
  if (typeof value === "function" || typeof value === "symbol") {
    throw new SparkRuntimeException(
      `The feature is not supported: Literal for '${String(value)}' of ${typeof value}.`,
      {
        condition: "UNSUPPORTED_FEATURE.LITERAL_TYPE",
        sqlState: "0A000",
        parameters: { value: String(value), type: typeof value },
      },
    );
  }
  return inferType(value);
}
