import {
  functionOf,
  encodeExpression,
  isAggregate,
  type AggregateFunction,
  type AttributeExpression,
  type CallExpression,
  type Expression,
  type ResolvedCall,
} from "../expressions/index.js";
import { attributeOf, expressionKey, mapOperands, newExpressionId, operandsOf } from "../plan/index.js";
import { ordinalOf } from "./bind.js";
import { attributeList, expressionText } from "./describe.js";
import { hashExchange, singleExchange } from "./exchange.js";
import { physical, type PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";
import type { AggregateCall, HashAggregateFragment } from "./hash-aggregate.js";
import { projectExec } from "./project-filter.js";

interface CallPlan {
  readonly call: ResolvedCall;
  readonly arguments: readonly AttributeExpression[];
  readonly states: readonly AttributeExpression[];
  readonly result: AttributeExpression;
}

const attribute = (name: string, type: AttributeExpression["type"], nullable: boolean): AttributeExpression => ({
  kind: "attribute",
  id: newExpressionId(),
  name,
  type,
  nullable,
  metadata: {},
  qualifier: [],
});

/**
 * Grouping: partial results by partition, a shuffle by the keys, final results. One partition needs no shuffle; DISTINCT
 * needs the rows themselves where their group is.
 */
export function aggregateExec(
  child: PhysicalPlan,
  grouping: readonly Expression[],
  aggregates: readonly Expression[],
): PhysicalPlan {
  const calls = new Map<string, CallExpression>();
  const collect = (e: Expression): void => {
    if (e.kind === "call" && isAggregate(e.name)) calls.set(expressionKey(e), e);
    else operandsOf(e).forEach(collect);
  };
  aggregates.forEach(collect);

  const inputs = new Map<string, Expression>();
  const column = (e: Expression): AttributeExpression => {
    const key = expressionKey(e);
    const known = inputs.get(key);
    if (known) return attributeOf(known);
    const named: Expression =
      e.kind === "attribute" ? e : { kind: "alias", child: e, name: "_input", id: newExpressionId() };
    inputs.set(key, named);
    return attributeOf(named);
  };
  const keys = grouping.map(column);
  const plans = new Map<string, CallPlan>();
  for (const [key, call] of calls) {
    const resolved = call as ResolvedCall;
    const states = (functionOf(call.name) as AggregateFunction).state(resolved);
    plans.set(key, {
      call: resolved,
      arguments: call.args.map(column),
      states: states.map((type) => attribute("_state", type, true)),
      result: attribute(call.name, resolved.type, resolved.nullable),
    });
  }
  const prepared = sameColumns(child, [...inputs.values()]) ? child : projectExec(child, [...inputs.values()]);
  const grouped = hashAggregate(prepared, keys, [...plans.values()]);
  const keyAttributes = new Map(grouping.map((e, i) => [expressionKey(e), keys[i]]));
  const finish = (e: Expression): Expression =>
    keyAttributes.get(expressionKey(e)) ?? plans.get(expressionKey(e))?.result ?? mapOperands(e, finish);
  const output = aggregates.map((e): Expression => {
    const a = attributeOf(e);
    const value = finish(e.kind === "alias" ? e.child : e);
    return value.kind === "attribute" && value.id === a.id
      ? value
      : { kind: "alias", child: value, name: a.name, id: a.id, metadata: a.metadata };
  });
  return projectExec(grouped, output);
}

const sameColumns = (child: PhysicalPlan, wanted: readonly Expression[]): boolean =>
  wanted.length === child.output.length &&
  wanted.every((e, i) => e.kind === "attribute" && e.id === child.output[i].id);

function hashAggregate(
  child: PhysicalPlan,
  keys: readonly AttributeExpression[],
  plans: readonly CallPlan[],
): PhysicalPlan {
  const needsRows = plans.some(({ call }) => call.distinct);
  const output = [...keys, ...plans.map(({ result }) => result)];
  const encoded = plans.map(({ call }) => encodeExpression(call));
  const states = [...keys, ...plans.flatMap((plan) => plan.states)];
  const fragment = (
    input: Fragment,
    partition: number,
    mode: HashAggregateFragment["mode"],
    columns: readonly AttributeExpression[],
  ): Fragment => {
    const call = (plan: CallPlan, i: number): AggregateCall => ({
      call: encoded[i],
      inputs: (mode === "final" ? plan.states : plan.arguments).map((a) => ordinalOf(a, columns)),
      distinct: plan.call.distinct ?? false,
    });
    return {
      op: "hashAggregate",
      input,
      mode,
      keys: keys.map((key) => ordinalOf(key, columns)),
      calls: plans.map(call),
      partition,
    } satisfies HashAggregateFragment as Fragment;
  };
  const functions = (prefix: string): string =>
    `keys=${attributeList(keys)}, functions=[${plans.map(({ call }) => prefix + expressionText(call)).join(", ")}]`;
  const mapped = (
    input: PhysicalPlan,
    mode: HashAggregateFragment["mode"],
    attributes: readonly AttributeExpression[],
    prefix: string,
  ): PhysicalPlan =>
    physical({
      name: "HashAggregate",
      output: attributes,
      children: [input],
      sizeInBytes: child.sizeInBytes,
      describe: () => `(${functions(prefix)})`,
      async execute(context) {
        const { partitions } = await input.execute(context);
        return { partitions: partitions.map((p, i) => fragment(p, i, mode, input.output)) };
      },
    });
  const exchanged = (input: PhysicalPlan): PhysicalPlan =>
    keys.length === 0
      ? singleExchange(input)
      : hashExchange(
          input,
          keys,
          keys.map((key) => ordinalOf(key, input.output)),
          undefined,
        );
  const shuffled = needsRows
    ? mapped(exchanged(child), "complete", output, "")
    : mapped(exchanged(mapped(child, "partial", states, "partial_")), "final", output, "");
  return {
    ...shuffled,
    async execute(context) {
      // With one partition the rows of every group are together already.
      const { partitions } = await child.execute(context);
      const known: PhysicalPlan = { ...child, execute: async () => ({ partitions }) };
      if (partitions.length === 1) return mapped(known, "complete", output, "").execute(context);
      const again = needsRows
        ? mapped(exchanged(known), "complete", output, "")
        : mapped(exchanged(mapped(known, "partial", states, "partial_")), "final", output, "");
      return again.execute(context);
    },
  };
}
