import { AnalysisException } from "../../common/index.js";
import { checkCompatible, isOrderable, noSuchField, quoted, sameName, widened } from "../analyzer/index.js";
import { widerType, type AttributeExpression, type Expression } from "../expressions/index.js";
import { newExpressionId, outputOf, type Derived, type LogicalPlan } from "../plan/index.js";
import { ArrayType, MapType, nullType, StructType, UserDefinedType, type DataType } from "../types/index.js";
import { columnExpression, nameParts } from "./column-name.js";
import type { Column } from "./column.js";

type Build = Derived["build"];

const project = (child: LogicalPlan, expressions: readonly Expression[]): LogicalPlan => ({
  kind: "project",
  child,
  expressions,
});
const renameTo = (a: AttributeExpression, name: string): Expression =>
  a.name === name ? a : { kind: "alias", child: a, name, metadata: a.metadata };

/** Replaces columns of the same name, appends the others. */
export function withColumns(columns: ReadonlyMap<string, Expression>, caseSensitive: boolean): Build {
  return ([child]) => {
    const names = [...columns.keys()];
    const duplicate = names.find((name, i) => names.some((other, j) => j < i && sameName(name, other, caseSensitive)));
    if (duplicate !== undefined) throw alreadyExists(duplicate);
    const named = (name: string): Expression => {
      const e = columns.get(name)!;
      return e.kind === "alias" ? { ...e, name } : { kind: "alias", child: e, name };
    };
    const output = outputOf(child);
    const kept = output.map((a): Expression => {
      const name = names.find((n) => sameName(n, a.name, caseSensitive));
      return name === undefined ? a : named(name);
    });
    const added = names.filter((name) => !output.some((a) => sameName(a.name, name, caseSensitive))).map(named);
    return project(child, [...kept, ...added]);
  };
}

export const alreadyExists = (name: string): AnalysisException =>
  new AnalysisException(
    `The column ${quoted([name])} already exists. Choose another name or rename the existing column.`,
    {
      condition: "COLUMN_ALREADY_EXISTS",
      sqlState: "42711",
      parameters: { columnName: quoted([name]) },
    },
  );

export function renamed(names: Readonly<Record<string, string>>, caseSensitive: boolean): Build {
  return ([child]) => {
    const target = (a: AttributeExpression): string => {
      const from = Object.keys(names).find((name) => sameName(name, a.name, caseSensitive));
      return from === undefined ? a.name : names[from];
    };
    return project(
      child,
      outputOf(child).map((a) => renameTo(a, target(a))),
    );
  };
}

export function allRenamed(names: readonly string[]): Build {
  return ([child]) => {
    const output = outputOf(child);
    if (output.length !== names.length) {
      throw new AnalysisException(
        `The number of columns or variables assigned or aliased: ${output.length} does not match the number of source expressions: ${names.length}.`,
        {
          condition: "ASSIGNMENT_ARITY_MISMATCH",
          sqlState: "42802",
          parameters: { numTarget: String(names.length), numExpr: String(output.length) },
        },
      );
    }
    return project(
      child,
      output.map((a, i) => renameTo(a, names[i])),
    );
  };
}

/** Names that do not exist are ignored, as in Spark. */
export function dropped(columns: readonly (Column | string)[], caseSensitive: boolean): Build {
  return ([child]) => {
    const output = outputOf(child);
    const gone = (a: AttributeExpression): boolean =>
      columns.some((column) => {
        if (typeof column === "string") return sameName(column, a.name, caseSensitive);
        const e = columnExpression(column);
        if (e.kind === "attribute") return e.id === a.id;
        if (e.kind !== "unresolved" || !sameName(e.nameParts[e.nameParts.length - 1], a.name, caseSensitive))
          return false;
        if (e.planId !== undefined) return idsOf(child, e.planId)?.has(a.id) ?? true;
        const qualifier = e.nameParts.slice(0, -1);
        return qualifier.every((part, i) => sameName(part, a.qualifier[i] ?? "", caseSensitive));
      });
    const kept = output.filter((a) => !gone(a));
    return kept.length === output.length ? child : project(child, kept);
  };
}

function idsOf(plan: LogicalPlan, planId: number): ReadonlySet<number> | undefined {
  if (plan.planId === planId) return new Set(outputOf(plan).map((a) => a.id));
  const children =
    "child" in plan ? [plan.child] : "left" in plan ? [plan.left, plan.right] : "children" in plan ? plan.children : [];
  for (const child of children) {
    const found = idsOf(child, planId);
    if (found) return found;
  }
  return undefined;
}

/** One row for each distinct value of all columns, or of some (then with the first values of the others). */
export function distinct(subset?: readonly string[], caseSensitive = false): Build {
  return ([child]) => {
    const output = outputOf(child);
    if (!subset) return { kind: "aggregate", child, grouping: output, aggregates: output };
    const keys = subset.flatMap((name) => {
      const found = output.filter((a) => sameName(a.name, name, caseSensitive));
      if (found.length === 0)
        throw noSuchField(
          name,
          output.map((a) => a.name),
        );
      return found;
    });
    const ids = new Set(keys.map((key) => key.id));
    const aggregates = output.map((a): Expression =>
      ids.has(a.id)
        ? a
        : {
            kind: "alias",
            child: { kind: "call", name: "first", args: [a] },
            name: a.name,
            metadata: a.metadata,
            id: newExpressionId(),
          },
    );
    return { kind: "aggregate", child, grouping: keys, aggregates };
  };
}

/** Spark sorts each partition first, so that the same rows draw the same numbers whatever order they came in. */
export function randomSplit(lower: number, upper: number, seed: bigint): Build {
  return ([child]) => {
    const orders = outputOf(child)
      .filter((a) => isOrderable(a.type))
      .map((a): Expression => ({ kind: "sort", child: a, ascending: true, nullsFirst: true }));
    const sorted: LogicalPlan = orders.length === 0 ? child : { kind: "sort", child, orders, global: false };
    return { kind: "sample", child: sorted, lower, upper, withReplacement: false, seed };
  };
}

export function unionByName(allowMissing: boolean, caseSensitive: boolean): Build {
  return ([left, right]) => {
    const l = outputOf(left);
    const r = outputOf(right);
    const find = (side: readonly AttributeExpression[], name: string): AttributeExpression | undefined =>
      side.find((a) => sameName(a.name, name, caseSensitive));
    const missing = (name: string): Expression => ({
      kind: "alias",
      child: { kind: "literal", value: null, type: nullType, nullable: true },
      name,
    });
    const aligned = l.map((a): Expression => {
      const found = find(r, a.name);
      if (found) return found;
      if (allowMissing) return missing(a.name);
      throw noSuchField(
        a.name,
        r.map((x) => x.name),
      );
    });
    const extra = r.filter((a) => !find(l, a.name));
    if (extra.length > 0 && !allowMissing)
      throw noSuchField(
        extra[0].name,
        l.map((x) => x.name),
      );
    const first = extra.length === 0 ? left : project(left, [...l, ...extra.map((a) => missing(a.name))]);
    return { kind: "union", children: [first, project(right, [...aligned, ...extra])] };
  };
}

/** INTERSECT and EXCEPT as semi and anti joins on null-safe equality of all columns, then distinct. */
export function setOperation(operator: "INTERSECT" | "EXCEPT"): Build {
  return ([left, right]) => {
    checkCompatible(operator, left, [right]);
    const unsupported = outputOf(left).find((a) => !isComparable(a.type));
    if (unsupported) throw notComparable(operator, unsupported);
    const types = outputOf(left).map((a, i) => widerType(a.type, outputOf(right)[i].type) ?? a.type);
    const l: LogicalPlan = widened(left, types);
    const names = outputOf(l).map((_, i) => `_${i}`);
    const r = project(
      widened(right, types),
      outputOf(widened(right, types)).map((a, i): Expression => ({
        kind: "alias",
        child: a,
        name: names[i],
        id: newExpressionId(),
      })),
    );
    const condition = outputOf(l)
      .map((a, i): Expression => ({
        kind: "call",
        name: "<=>",
        args: [a, { kind: "unresolved", nameParts: [names[i]] }],
      }))
      .reduce((a, b) => ({ kind: "call", name: "and", args: [a, b] }));
    const joined: LogicalPlan = {
      kind: "join",
      left: l,
      right: r,
      joinType: operator === "INTERSECT" ? "semi" : "anti",
      condition,
    };
    return { kind: "aggregate", child: joined, grouping: outputOf(l), aggregates: outputOf(l) };
  };
}

function isComparable(type: DataType): boolean {
  if (type instanceof MapType || (type instanceof UserDefinedType && type.typeName() !== "vector")) return false;
  if (type instanceof ArrayType) return isComparable(type.elementType);
  return !(type instanceof StructType) || type.fields.every((field) => isComparable(field.dataType));
}

const notComparable = (operator: string, a: AttributeExpression): AnalysisException =>
  new AnalysisException(
    `The feature is not supported: Cannot have MAP type columns in DataFrame which calls set operations (${operator}), but the type of column ${quoted([a.name])} is "${a.type.sql()}".`,
    {
      condition: "UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE",
      sqlState: "0A000",
      parameters: { colName: quoted([a.name]), dataType: `"${a.type.sql()}"` },
    },
  );

/** Attributes of a plan by name; all that `names` mean, in the order of the plan. */
export function attributesNamed(
  plan: LogicalPlan,
  names: readonly string[],
  caseSensitive: boolean,
): AttributeExpression[] {
  const output = outputOf(plan);
  for (const name of names) {
    const wanted = nameParts(name).join(".");
    if (!output.some((a) => sameName(a.name, wanted, caseSensitive)))
      throw noSuchField(
        name,
        output.map((a) => a.name),
      );
  }
  return output.filter((a) => names.some((name) => sameName(nameParts(name).join("."), a.name, caseSensitive)));
}
