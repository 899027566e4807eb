import { AnalysisException } from "../../common/index.js";
import { resolveTypes, typeOf, type Expression } from "../expressions/index.js";
import { newExpressionId } from "../plan/index.js";
import { quoted } from "./analysis-errors.js";
import { expressionName } from "./expression-name.js";
import { resolveNames } from "./resolve-expression.js";
import { fieldOf, lookUp, sameName, type Scope } from "./resolve-name.js";
import { StructType } from "../types/index.js";

/** An item of a projection: an attribute, or an alias with an id. */
export function resolveNamed(e: Expression, scope: Scope): Expression {
  const named = resolveNames(e, scope);
  const typed = resolveTypes(named);
  if (typed.kind === "attribute") return typed;
  if (typed.kind === "alias") return typed.id === undefined ? { ...typed, id: newExpressionId() } : typed;
  return { kind: "alias", child: typed, name: columnName(named), id: newExpressionId() };
}

/** A cast of a column keeps the column's name. */
function columnName(e: Expression): string {
  let inner = e;
  while (inner.kind === "cast") inner = inner.child;
  if (inner !== e && (inner.kind === "attribute" || inner.kind === "alias")) return inner.name;
  if (
    e.kind === "call" &&
    e.name === "getItem" &&
    e.args[1].kind === "literal" &&
    typeof e.args[1].value === "string"
  ) {
    return e.args[1].value;
  }
  return expressionName(e);
}

/** Replaces `*` and `name.*` by the columns they mean. */
export function expandStars(list: readonly Expression[], scope: Scope): Expression[] {
  return list.flatMap((e): readonly Expression[] => {
    if (e.kind !== "star") return [e];
    const { qualifier } = e;
    if (!qualifier) return scope.attributes;
    const matching = scope.attributes.filter((a) => {
      const tail = a.qualifier.slice(a.qualifier.length - qualifier.length);
      return tail.length === qualifier.length && tail.every((q, i) => sameName(q, qualifier[i], scope.caseSensitive));
    });
    if (matching.length > 0) return matching;
    const base = lookUp(qualifier, scope);
    const type = base && typeOf(resolveTypes(base));
    if (base && type instanceof StructType) return type.fieldNames.map((name) => fieldOf(base, name));
    const columns = scope.attributes.map((a) => quoted([a.name])).join(", ");
    throw new AnalysisException(
      `Cannot resolve ${quoted(qualifier)}.* given input columns ${columns}. Please check that the specified table or struct exists and is accessible in the input columns.`,
      {
        condition: "CANNOT_RESOLVE_STAR_EXPAND",
        sqlState: "42704",
        parameters: { targetString: quoted(qualifier), columns },
      },
    );
  });
}
