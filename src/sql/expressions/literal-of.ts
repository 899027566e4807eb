import type { DataType } from "../types/index.js";
import type { LiteralExpression } from "./expression.js";

/** A literal of an internal value. */
export const literalOf = (value: unknown, type: DataType): LiteralExpression => ({
  kind: "literal",
  value,
  type,
  nullable: value === null,
});
