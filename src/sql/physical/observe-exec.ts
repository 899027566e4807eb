import { columnBuilder, toBlock, type Batch } from "../../columnar/index.js";
import { AccumulatorV2 } from "../../exec/shared-variables/index.js";
import {
  encodeExpression,
  functionOf,
  isAggregate,
  type AggregateFunction,
  type AttributeExpression,
  type CallExpression,
  type Expression,
  type ResolvedCall,
} from "../expressions/index.js";
import {
  expressionKey,
  mapOperands,
  newExpressionId,
  operandsOf,
  type LogicalPlan,
  type Observe,
} from "../plan/index.js";
import { layoutOf, type DataType } from "../types/index.js";
import { evalContext } from "./evaluate.js";
import { expressionList } from "./describe.js";
import { physical, type PhysicalPlan } from "./execution.js";
import type { ExecutionSettings, Fragment } from "./fragment.js";
import { Groups } from "./groups.js";
import type { AggregateCall } from "./hash-aggregate.js";
import type { ObservedStates, ObserveFragment } from "./observe.js";
import { withColumnsFor } from "./project-filter.js";

type Tasks = readonly (readonly unknown[])[];

/** States that the tasks of one job have sent. */
class StateAccumulator extends AccumulatorV2<ObservedStates, Tasks> implements ObservedStates {
  tasks: (readonly unknown[])[] = [];

  isZero(): boolean {
    return this.tasks.length === 0;
  }
  copy(): StateAccumulator {
    const copy = new StateAccumulator();
    copy.merge(this);
    return copy;
  }
  reset(): void {
    this.tasks = [];
  }
  add({ tasks }: ObservedStates): void {
    this.tasks.push(...tasks);
  }
  merge(other: AccumulatorV2<ObservedStates, Tasks>): void {
    this.tasks.push(...(other as StateAccumulator).tasks);
  }
  get value(): Tasks {
    return this.tasks;
  }
}

/** Rows pass unchanged; when the job succeeds, the observation gets what the aggregates of all of them are. */
export function observeExec(child: PhysicalPlan, plan: Observe): PhysicalPlan {
  const { metrics, observation } = plan;
  const calls = new Map<string, ResolvedCall>();
  const collect = (e: Expression): void => {
    if (e.kind === "call" && isAggregate(e.name)) calls.set(expressionKey(e), e as CallExpression as ResolvedCall);
    else operandsOf(e).forEach(collect);
  };
  metrics.forEach(collect);
  const all = [...calls.values()];
  const { child: input, ordinals } = withColumnsFor(
    child,
    all.flatMap((call) => call.args),
    newExpressionId,
  );
  let at = 0;
  const encoded = all.map((call): AggregateCall => {
    const inputs = ordinals.slice(at, (at += call.args.length));
    return { call: encodeExpression(call), inputs, distinct: false };
  });
  return physical({
    name: "CollectMetrics",
    output: child.output,
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () => `${observation.name}, ${expressionList(metrics)}`,
    async execute(context) {
      const { partitions } = await input.execute(context);
      const states = new StateAccumulator();
      observation.register(states);
      context.succeeded.push(() => observation.complete(resultPlan(metrics, calls, states.value, context.settings)));
      return {
        partitions: partitions.map(
          (below, partition) =>
            ({
              op: "observe",
              input: below,
              calls: encoded,
              accumulator: states.id,
              partition,
              width: child.output.length,
            }) satisfies ObserveFragment as Fragment,
        ),
      };
    },
  });
}

/** A plan of one row: the metrics over the merged states. */
function resultPlan(
  metrics: readonly Expression[],
  calls: ReadonlyMap<string, ResolvedCall>,
  tasks: Tasks,
  settings: ExecutionSettings,
): LogicalPlan {
  const types = [...calls.values()].map((call) => (functionOf(call.name) as AggregateFunction).state(call));
  let width = 0;
  const merging = [...calls.values()].map((call, i): AggregateCall => {
    const inputs = types[i].map((_, k) => width + k);
    width += inputs.length;
    return { call: encodeExpression(call), inputs, distinct: false };
  });
  const groups = new Groups([], merging, evalContext(settings, 0));
  if (tasks.length > 0) groups.add(batchOf(tasks, types.flat()), true);
  const merged = groups.finish(false);
  const attributes = new Map(
    [...calls].map(([key, call]): [string, AttributeExpression] => [
      key,
      {
        kind: "attribute",
        id: newExpressionId(),
        name: call.name,
        type: call.type,
        nullable: call.nullable,
        metadata: {},
        qualifier: [],
      },
    ]),
  );
  const finished = (e: Expression): Expression => attributes.get(expressionKey(e)) ?? mapOperands(e, finished);
  const partitions = [[{ block: toBlock(merged), numRows: merged.numRows }]];
  return {
    kind: "project",
    child: { kind: "local", output: [...attributes.values()], data: { partitions } },
    expressions: metrics.map((e) => (e.kind === "alias" ? { ...e, child: finished(e.child) } : finished(e))),
  };
}

function batchOf(rows: Tasks, types: readonly DataType[]): Batch {
  const columns = types.map((type, i) => {
    const builder = columnBuilder(layoutOf(type));
    for (const row of rows) {
      if (row[i] === null) builder.appendNull();
      else builder.append(row[i] as never);
    }
    return builder.finish();
  });
  return { numRows: rows.length, columns };
}
