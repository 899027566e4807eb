import type { AttributeExpression, Expression } from "../expressions/index.js";
import { attributeOf } from "../plan/index.js";
import { bind, ordinalOf } from "./bind.js";
import { expressionList, expressionText } from "./describe.js";
import { physical, type PhysicalPlan } from "./execution.js";
import { encode } from "./evaluate.js";
import type { Fragment } from "./fragment.js";
import { pipelineFragment } from "./pipeline.js";

/** Computes named expressions over the child's columns. */
export function projectExec(child: PhysicalPlan, expressions: readonly Expression[]): PhysicalPlan {
  const output = expressions.map(attributeOf);
  const encoded = expressions.map((e) => encode(bind(e, child.output)));
  return physical({
    name: "Project",
    output,
    step: { expressions: encoded },
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () => expressionList(expressions),
    async execute(context) {
      const { partitions } = await child.execute(context);
      return {
        partitions: partitions.map((input, partition) => pipelineFragment(input, { expressions: encoded }, partition)),
      };
    },
  });
}

/** Keeps the rows for which the condition is true. */
export function filterExec(child: PhysicalPlan, condition: Expression): PhysicalPlan {
  const encoded = encode(bind(condition, child.output));
  return physical({
    name: "Filter",
    output: child.output,
    step: { condition: encoded },
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () => expressionText(condition),
    async execute(context) {
      const { partitions } = await child.execute(context);
      return {
        partitions: partitions.map((input, partition) => pipelineFragment(input, { condition: encoded }, partition)),
      };
    },
  });
}

/** The child with columns for some expressions: positions of its own columns, or of columns added behind them. */
export function withColumnsFor(
  child: PhysicalPlan,
  expressions: readonly Expression[],
  newId: () => number,
): {
  readonly child: PhysicalPlan;
  readonly ordinals: readonly number[];
  readonly attributes: readonly AttributeExpression[];
} {
  const added: Expression[] = [];
  const attributes = expressions.map((e, i) => {
    const inner = e.kind === "sort" ? e.child : e;
    if (inner.kind === "attribute") return inner;
    const alias: Expression = { kind: "alias", child: inner, name: `_key${i}`, id: newId() };
    added.push(alias);
    return attributeOf(alias);
  });
  const wider = added.length === 0 ? child : projectExec(child, [...child.output, ...added]);
  return { child: wider, attributes, ordinals: attributes.map((a) => ordinalOf(a, wider.output)) };
}

/** Keeps columns by position, without evaluating anything. */
export const selectFragment = (input: Fragment, ordinals: readonly number[]): Fragment =>
  ({ op: "select", input, ordinals }) satisfies SelectFragment as Fragment;

export interface SelectFragment extends Fragment {
  readonly op: "select";
  readonly input: Fragment;
  readonly ordinals: readonly number[];
}
