import type { AttributeExpression, Expression } from "../expressions/index.js";
import { typeOf } from "../plan/index.js";
import { expressionName } from "../analyzer/index.js";

/** `[a#1, b#2]`, as Spark lists attributes in plans. */
export const attributeList = (attributes: readonly AttributeExpression[]): string =>
  `[${attributes.map(attributeText).join(", ")}]`;

export const attributeText = (a: AttributeExpression): string =>
  `${a.name}#${a.id}${["long", "timestamp"].includes(typeOf(a).typeName()) && typeOf(a).typeName() === "long" ? "L" : ""}`;

/** An expression as plans print it: columns with their ids, aliases as `expression AS name#id`. */
export const expressionText = (e: Expression): string =>
  e.kind === "alias"
    ? `${expressionText(e.child)} AS ${e.name}#${e.id ?? "?"}`
    : e.kind === "sort"
      ? `${expressionText(e.child)} ${e.ascending ? "ASC" : "DESC"} NULLS ${e.nullsFirst ? "FIRST" : "LAST"}`
      : expressionName(e, attributeText);

export const expressionList = (list: readonly Expression[]): string => `[${list.map(expressionText).join(", ")}]`;
