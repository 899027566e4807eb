import type { AttributeExpression, Expression } from "./expression.js";

/** Direct operands of an expression. */
export function operandsOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case "call":
    case "udf":
      return e.args;
    case "cast":
    case "alias":
    case "sort":
      return [e.child];
    default:
      return [];
  }
}

const same = (a: readonly unknown[], b: readonly unknown[]): boolean => a.every((x, i) => x === b[i]);

/** The expression with each operand replaced by `fn(operand)`; the same object when nothing changed. */
export function mapOperands(e: Expression, fn: (operand: Expression) => Expression): Expression {
  switch (e.kind) {
    case "call":
    case "udf": {
      const args = e.args.map(fn);
      return same(args, e.args) ? e : { ...e, args };
    }
    case "cast":
    case "alias":
    case "sort": {
      const child = fn(e.child);
      return child === e.child ? e : { ...e, child };
    }
    default:
      return e;
  }
}

/** Rewrites operands first, then the node itself. */
export const transformUp = (e: Expression, fn: (e: Expression) => Expression): Expression =>
  fn(mapOperands(e, (operand) => transformUp(operand, fn)));

/** Rewrites the node; where `fn` returns it unchanged, goes on with its operands. */
export function transformDown(e: Expression, fn: (e: Expression) => Expression): Expression {
  const rewritten = fn(e);
  return rewritten === e ? mapOperands(e, (operand) => transformDown(operand, fn)) : rewritten;
}

export const someExpression = (e: Expression, test: (e: Expression) => boolean): boolean =>
  test(e) || operandsOf(e).some((operand) => someExpression(operand, test));

/** Ids of the attributes an expression reads. */
export function referencesOf(e: Expression, into: Set<number> = new Set()): Set<number> {
  if (e.kind === "attribute") into.add(e.id);
  for (const operand of operandsOf(e)) referencesOf(operand, into);
  return into;
}

/** Replaces attributes by what the map holds for their id. */
export const substitute = (e: Expression, by: ReadonlyMap<number, Expression>): Expression =>
  transformDown(e, (x) => (x.kind === "attribute" ? (by.get(x.id) ?? x) : x));

/** Equality of trees; types are compared by their JSON text. */
export function sameExpression(a: Expression, b: Expression): boolean {
  if (a === b) return true;
  if (a.kind === "attribute" && b.kind === "attribute") return a.id === b.id;
  return a.kind === b.kind && expressionKey(a) === expressionKey(b);
}

/** Text that two expressions share exactly when they mean the same (attributes by id; aliases by what they name). */
export function expressionKey(
  e: Expression,
  attribute: (a: AttributeExpression) => string = (a) => `#${a.id}`,
): string {
  const list = (es: readonly Expression[]): string => es.map((x) => expressionKey(x, attribute)).join(",");
  switch (e.kind) {
    case "attribute":
      return attribute(e);
    case "literal":
      return `L${typeName(e.type)}:${literalText(e.value)}`;
    case "call":
      return `${e.name.toLowerCase()}${e.distinct ? "!" : ""}${e.options ? plainText(e.options) : ""}(${list(e.args)})`;
    case "cast":
      return `cast${e.lenient ? "?" : ""}(${list([e.child])}:${typeName(e.type)})`;
    case "alias":
      return expressionKey(e.child, attribute);
    case "sort":
      return `${list([e.child])}${e.ascending ? "+" : "-"}${e.nullsFirst ? "f" : "l"}`;
    case "udf":
      return `udf:${e.name}:${identity(e.closure as object)}(${list(e.args)})`;
    case "bound":
      return `@${e.ordinal}`;
    case "unresolved":
      return `?${e.planId ?? ""}${JSON.stringify(e.nameParts)}`;
    case "star":
      return `*${JSON.stringify(e.qualifier ?? [])}`;
  }
}

const typeName = (type: unknown): string =>
  JSON.stringify(type, (_, v: unknown) => (typeof v === "bigint" ? `${v}n` : v));
const literalText = (value: unknown): string =>
  typeof value === "bigint"
    ? `${value}n`
    : Object.is(value, -0)
      ? "-0"
      : typeof value === "number"
        ? String(value)
        : plainText(value);
const plainText = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) =>
    typeof v === "bigint" ? `${v}n` : ArrayBuffer.isView(v) ? Array.from(v as Uint8Array) : v,
  ) ?? String(value);

const identities = new WeakMap<object, number>();
let nextIdentity = 0;
/** A number for an object, the same on every call. */
export function identity(object: object): number {
  let id = identities.get(object);
  if (id === undefined) identities.set(object, (id = nextIdentity++));
  return id;
}
