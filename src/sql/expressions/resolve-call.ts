import type { Nullability, ResolvedCall } from "./descriptor.js";
import { canCast, canFail, castMismatch, forcesNull } from "./cast/index.js";
import type { CallExpression, CastExpression, Expression } from "./expression.js";
import { mapOperands } from "./expression-tree.js";
import { isNullable, typeOf } from "./expression-type.js";
import { functionOf } from "./registry.js";
import { sqlText } from "./sql-text.js";

/**
 * A call with its function found, implicit casts inserted, and type and nullability set. Arguments must be resolved already.
 * May be another expression altogether, where the function is defined by one (`nvl` by `coalesce`).
 */
export function resolveCall(call: CallExpression): Expression {
  const descriptor = functionOf(call.name);
  const signed = descriptor.signature(call.args, call);
  if (signed.replacement) return resolveTypes(signed.replacement);
  const { args, type } = signed;
  const nullable =
    signed.nullable ??
    (descriptor.kind === "aggregate" ? (descriptor.nullable ?? true) : nullableBy(descriptor.nullable, args));
  if (call.type && call.type.equals(type) && call.nullable === nullable && args.every((a, i) => a === call.args[i])) {
    return call;
  }
  return { ...call, args, type, nullable };
}

function nullableBy(rule: Nullability = "whenArgIs", args: readonly Expression[]): boolean {
  if (rule === "never") return false;
  if (rule === "sometimes") return true;
  const flags = args.map(isNullable);
  return rule === "whenArgIs" ? flags.includes(true) : rule(flags);
}

/** A cast with its nullability; throws DATATYPE_MISMATCH where no such cast exists. */
export function resolveCast(cast: CastExpression): CastExpression {
  const from = typeOf(cast.child);
  if (!canCast(from, cast.type)) {
    const keyword = cast.lenient ? "TRY_CAST" : "CAST";
    throw castMismatch(`${keyword}(${sqlText(cast.child)} AS ${cast.type.sql()})`, from, cast.type);
  }
  const nullable = isNullable(cast.child) || (cast.lenient ? canFail(from, cast.type) : forcesNull(from, cast.type));
  return cast.nullable === nullable ? cast : { ...cast, nullable };
}

/** Resolves every call and cast of a tree whose names are resolved already. */
export function resolveTypes(e: Expression): Expression {
  const mapped = mapOperands(e, resolveTypes);
  if (mapped.kind === "call") return isResolved(mapped) && mapped === e ? e : resolveCall(mapped);
  return mapped.kind === "cast" ? resolveCast(mapped) : mapped;
}

export const isResolved = (call: CallExpression): call is ResolvedCall =>
  call.type !== undefined && call.nullable !== undefined;
