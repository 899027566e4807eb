import type { Expression } from "../expressions/index.js";
import { newExpressionId } from "../plan/index.js";
import { collectBlocks } from "./collect-blocks.js";
import { expressionList } from "./describe.js";
import { rangeShuffle } from "./exchange.js";
import { physical, type PhysicalPlan } from "./execution.js";
import type { Fragment } from "./fragment.js";
import { globalSort } from "./global-sort.js";
import type { LimitFragment } from "./limit.js";
import { withColumnsFor } from "./project-filter.js";
import type { SortKey } from "./row-order.js";
import type { SortFragment } from "./sort.js";
import { storedRows } from "./stored-output.js";

interface SortPlan {
  /** The child with columns for the keys. */
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
}

function sortPlan(child: PhysicalPlan, orders: readonly Expression[]): SortPlan {
  const { child: input, ordinals } = withColumnsFor(child, orders, newExpressionId);
  const keys = orders.map((order, i): SortKey => {
    if (order.kind !== "sort") throw new Error("a resolved sort has sort orders");
    return { ordinal: ordinals[i], ascending: order.ascending, nullsFirst: order.nullsFirst };
  });
  return { input, keys };
}

const sorted = (input: Fragment, keys: readonly SortKey[], width: number, limit?: number): Fragment =>
  ({ op: "sort", input, keys, width, ...(limit === undefined ? {} : { limit }) }) satisfies SortFragment as Fragment;

/** Sorts within partitions, or everything: by merging ranges of the keys when there is much, else in one task. */
export function sortExec(child: PhysicalPlan, orders: readonly Expression[], global: boolean): PhysicalPlan {
  const { input, keys } = sortPlan(child, orders);
  const width = child.output.length;
  return physical({
    name: "Sort",
    output: child.output,
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () => `${expressionList(orders)}, ${global}, 0`,
    async execute(context) {
      const { partitions } = await input.execute(context);
      if (global && partitions.length > 1 && !context.conf.value("adaptive")) {
        const ranges = await rangeShuffle(partitions, keys, context.conf.value("shufflePartitions"), context);
        return { partitions: ranges.map((range) => sorted(range, keys, width)) };
      }
      if (global && partitions.length > 1) return { partitions: await globalSort(partitions, keys, width, context) };
      return { partitions: partitions.map((partition) => sorted(partition, keys, width)) };
    },
  });
}

/** Repartitions by ranges of the sort orders. */
export function rangeRepartitionExec(
  child: PhysicalPlan,
  orders: readonly Expression[],
  numPartitions: number | undefined,
): PhysicalPlan {
  const { input, keys } = sortPlan(child, orders);
  const ordinals = child.output.map((_, i) => i);
  return physical({
    name: "Exchange",
    output: child.output,
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () => `rangepartitioning(${expressionList(orders).slice(1, -1)}, ${numPartitions ?? "adaptive"})`,
    async execute(context) {
      const { partitions } = await input.execute(context);
      const count = numPartitions ?? context.conf.value("shufflePartitions");
      const ranges = await rangeShuffle(partitions, keys, count, context);
      return { partitions: ranges.map((range): Fragment => ({ op: "select", input: range, ordinals }) as Fragment) };
    },
  });
}

/** The first rows in an order: each partition keeps its own first rows, one task merges them. */
export function topExec(
  child: PhysicalPlan,
  orders: readonly Expression[],
  limit: number,
  offset: number,
): PhysicalPlan {
  const { input, keys } = sortPlan(child, orders);
  const width = child.output.length;
  return physical({
    name: "TakeOrderedAndProject",
    output: child.output,
    children: [child],
    describe: () => `(limit=${limit}, orderBy=${expressionList(orders)})`,
    async execute(context) {
      const { partitions } = await input.execute(context);
      const wanted = limit + offset;
      const tops = partitions.map((p) => sorted(p, keys, input.output.length, wanted));
      const merged =
        tops.length === 1
          ? tops[0]
          : storedRows([await context.runKept("top rows", tops, collectBlocks, { limit: wanted, kernels: false })]);
      const all = sorted(merged, keys, width, wanted);
      return { partitions: [{ op: "limit", input: all, limit, offset } satisfies LimitFragment as Fragment] };
    },
  });
}
