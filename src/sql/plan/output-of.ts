import type { AttributeExpression, Expression } from "../expressions/index.js";
import { isNullable, typeOf } from "../expressions/index.js";
import type { Join, LogicalPlan } from "./logical-plan.js";

const outputs = new WeakMap<LogicalPlan, readonly AttributeExpression[]>();

/** Columns of a resolved plan. */
export function outputOf(plan: LogicalPlan): readonly AttributeExpression[] {
  let output = outputs.get(plan);
  if (!output) outputs.set(plan, (output = compute(plan)));
  return output;
}

function compute(plan: LogicalPlan): readonly AttributeExpression[] {
  switch (plan.kind) {
    case "local":
    case "range":
    case "files":
    case "cached":
    case "mapColumns":
      return plan.output;
    case "project":
      return plan.expressions.map(attributeOf);
    case "aggregate":
      return plan.aggregates.map(attributeOf);
    case "filter":
    case "sort":
    case "limit":
    case "sample":
    case "observe":
    case "repartition":
    case "repartitionBy":
      return outputOf(plan.child);
    case "alias":
      return outputOf(plan.child).map((a) => ({ ...a, qualifier: [plan.alias] }));
    case "join":
      return joinOutput(plan);
    case "union":
      if (!plan.output) throw new Error("the union is not analyzed");
      return plan.output;
    case "derived":
      throw new Error(`${plan.name} is not analyzed`);
  }
}

function joinOutput(join: Join): readonly AttributeExpression[] {
  const left = outputOf(join.left);
  const right = outputOf(join.right);
  const nullable = (side: readonly AttributeExpression[]): AttributeExpression[] =>
    side.map((a) => (a.nullable ? a : { ...a, nullable: true }));
  switch (join.joinType) {
    case "semi":
    case "anti":
      return left;
    case "left":
      return [...left, ...nullable(right)];
    case "right":
      return [...nullable(left), ...right];
    case "full":
      return [...nullable(left), ...nullable(right)];
    default:
      return [...left, ...right];
  }
}

/** The attribute by which later operators refer to an item of a projection. */
export function attributeOf(e: Expression): AttributeExpression {
  if (e.kind === "attribute") return e;
  if (e.kind !== "alias" || e.id === undefined) throw new Error(`a ${e.kind} expression has no name`);
  const { child } = e;
  return {
    kind: "attribute",
    id: e.id,
    name: e.name,
    type: typeOf(child),
    nullable: isNullable(child),
    metadata: e.metadata ?? (child.kind === "attribute" ? child.metadata : {}),
    qualifier: [],
  };
}
