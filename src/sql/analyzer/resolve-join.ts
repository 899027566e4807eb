import { AnalysisException } from "../../common/index.js";
import type { AttributeExpression, Expression } from "../expressions/index.js";
import { newExpressionId, outputOf, typeOf, type Join, type JoinType, type LogicalPlan } from "../plan/index.js";
import { BooleanType, NullType } from "../types/index.js";
import { ambiguousReference, notBoolean, quoted } from "./analysis-errors.js";
import type { AnalysisContext } from "./analyzer.js";
import { reinstance } from "./reinstance.js";
import { resolveTypes } from "../expressions/index.js";
import { resolveExpression, resolveNames } from "./resolve-expression.js";
import { sameName, type Scope } from "./resolve-name.js";

/** Gives both sides distinct attributes, resolves the condition, and turns a USING join into a join and a projection. */
export function resolveJoin(node: Join, context: AnalysisContext): LogicalPlan {
  const leftIds = new Set(outputOf(node.left).map((a) => a.id));
  const right = outputOf(node.right).some((a) => leftIds.has(a.id)) ? reinstance(node.right) : node.right;
  const { using, ...rest } = { ...node, right };
  if (using) return usingJoin(rest, using, context);
  if (!rest.condition) return rest;
  const scope = context.scope("Join", rest.left, right);
  const sides = [context.scope("Join", rest.left), context.scope("Join", right)] as const;
  const condition = resolveExpression(selfEquality(rest.condition, ...sides), scope);
  const type = typeOf(condition);
  if (!(type instanceof BooleanType) && !(type instanceof NullType))
    throw notBoolean("JOIN_CONDITION", condition, type);
  return { ...rest, condition };
}

/** `df.join(df, df.a == df.a)`: Spark reads the left operand as the left side's column and the right one as the right's. */
function selfEquality(e: Expression, left: Scope, right: Scope): Expression {
  if (e.kind !== "call") return e;
  if (e.name === "and") return { ...e, args: e.args.map((arg) => selfEquality(arg, left, right)) };
  const [l, r] = e.args;
  if ((e.name !== "=" && e.name !== "<=>") || l.kind !== "unresolved" || r.kind !== "unresolved") return e;
  if (l.planId === undefined || l.planId !== r.planId || l.nameParts.join(".") !== r.nameParts.join(".")) return e;
  return { ...e, args: [resolveNames(l, left), resolveNames(r, right)] };
}

function usingJoin(join: Join, names: readonly string[], context: AnalysisContext): LogicalPlan {
  const left = outputOf(join.left);
  const right = outputOf(join.right);
  const pairs = names.map(
    (name) => [column(name, left, "left", context), column(name, right, "right", context)] as const,
  );
  const condition = pairs
    .map(([l, r]): Expression => ({ kind: "call", name: "=", args: [l, r] }))
    .reduce((a, b) => ({ kind: "call", name: "and", args: [a, b] }));
  const joined: Join = { ...join, condition: resolveTypes(condition) };
  if (join.joinType === "semi" || join.joinType === "anti") return joined;
  const output = outputOf(joined);
  const after = (a: AttributeExpression): AttributeExpression => output.find((o) => o.id === a.id)!;
  const keys = pairs.map(([l, r]) => usingKey(after(l), after(r), join.joinType));
  const used = new Set(pairs.flatMap(([l, r]) => [l.id, r.id]));
  const others = output.filter((a) => !used.has(a.id));
  return { kind: "project", child: joined, expressions: [...keys, ...others] };
}

/** The one column of a USING key: from the side that always has it, from either in a full join. */
function usingKey(l: AttributeExpression, r: AttributeExpression, type: JoinType): Expression {
  if (type === "right") return { ...r, name: l.name };
  if (type !== "full") return l;
  const child = resolveTypes({ kind: "call", name: "coalesce", args: [l, r] });
  return { kind: "alias", child, name: l.name, id: newExpressionId() };
}

function column(
  name: string,
  side: readonly AttributeExpression[],
  which: "left" | "right",
  context: AnalysisContext,
): AttributeExpression {
  const found = side.filter((a) => sameName(a.name, name, context.settings.caseSensitive));
  if (found.length > 1) throw ambiguousReference([name], found);
  if (found.length === 1) return found[0];
  const suggestion = side
    .map((a) => quoted([a.name]))
    .sort()
    .join(", ");
  throw new AnalysisException(
    `USING column ${quoted([name])} cannot be resolved on the ${which} side of the join. The ${which}-side columns: [${suggestion}].`,
    {
      condition: "UNRESOLVED_USING_COLUMN_FOR_JOIN",
      sqlState: "42703",
      parameters: { colName: quoted([name]), side: which, suggestion },
    },
  );
}

const joinTypes: Readonly<Record<string, JoinType>> = {
  inner: "inner",
  outer: "full",
  full: "full",
  fullouter: "full",
  leftouter: "left",
  left: "left",
  rightouter: "right",
  right: "right",
  leftsemi: "semi",
  semi: "semi",
  leftanti: "anti",
  anti: "anti",
  cross: "cross",
};
const supported =
  "'inner', 'outer', 'full', 'fullouter', 'full_outer', 'leftouter', 'left', 'left_outer', 'rightouter', 'right', 'right_outer', 'leftsemi', 'left_semi', 'semi', 'leftanti', 'left_anti', 'anti', 'cross'";

/** The join type that Spark's name for it means. */
export function joinTypeOf(name: string): JoinType {
  const type = joinTypes[name.toLowerCase().replaceAll("_", "")];
  if (type) return type;
  throw new AnalysisException(`Unsupported join type '${name}'. Supported join types include: ${supported}.`, {
    condition: "UNSUPPORTED_JOIN_TYPE",
    sqlState: "0A000",
    parameters: { typ: name, supported },
  });
}
