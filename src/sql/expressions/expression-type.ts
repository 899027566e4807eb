import type { Expression } from "./expression.js";
import type { DataType } from "../types/index.js";

/** Type of a resolved expression. */
export function typeOf(e: Expression): DataType {
  switch (e.kind) {
    case "alias":
    case "sort":
      return typeOf(e.child);
    case "unresolved":
    case "star":
      throw new Error(`${e.kind} has no type before analysis`);
    default:
      if (!e.type) throw new Error(`${e.kind === "call" ? e.name : e.kind} is not resolved`);
      return e.type;
  }
}

/** Whether a resolved expression may be null. */
export function isNullable(e: Expression): boolean {
  switch (e.kind) {
    case "alias":
    case "sort":
      return isNullable(e.child);
    case "cast":
      return e.nullable ?? (e.lenient || isNullable(e.child));
    case "unresolved":
    case "star":
      return true;
    default:
      return e.nullable ?? true;
  }
}
