import type { AttributeExpression, Expression } from "../expressions/index.js";
import { transformDown } from "../plan/index.js";

/** Position of an attribute in an operator's input. */
export function ordinalOf(attribute: AttributeExpression, input: readonly AttributeExpression[]): number {
  const ordinal = input.findIndex((candidate) => candidate.id === attribute.id);
  if (ordinal >= 0) return ordinal;
  const have = input.map((a) => `${a.name}#${a.id}`).join(", ");
  throw new Error(`${attribute.name}#${attribute.id} is not among the operator's inputs: ${have}`);
}

/** The expression with attributes replaced by positions in the input. */
export const bind = (e: Expression, input: readonly AttributeExpression[]): Expression =>
  transformDown(e, (x) =>
    x.kind === "attribute"
      ? { kind: "bound", ordinal: ordinalOf(x, input), type: x.type, nullable: x.nullable }
      : x.kind === "alias"
        ? bind(x.child, input)
        : x,
  );
