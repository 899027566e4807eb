import type { SparkConf } from "../../common/index.js";
import { outputOf, type LogicalPlan } from "../plan/index.js";
import { aggregateExec } from "./aggregate-exec.js";
import { ordinalOf } from "./bind.js";
import { localScan } from "./blocks-scan.js";
import { cachedScan } from "./cached-scan.js";
import { coalesceExec, unionExec } from "./coalesce-exec.js";
import { attributeList } from "./describe.js";
import { hashExchange, roundRobinExchange } from "./exchange.js";
import { physical, type PhysicalPlan } from "./execution.js";
import { filesScan } from "./files-scan.js";
import { joinExec } from "./join-exec.js";
import { joinKeys } from "./join-keys.js";
import { limitExec } from "./limit-exec.js";
import { mapColumnsExec } from "./map-columns-exec.js";
import { observeExec } from "./observe-exec.js";
import { filterExec, projectExec, withColumnsFor } from "./project-filter.js";
import { rangeExec } from "./range-exec.js";
import { sampleExec } from "./sample-exec.js";
import { rangeRepartitionExec, sortExec, topExec } from "./sort-exec.js";
import { newExpressionId } from "../plan/index.js";
import { selectFragment } from "./project-filter.js";

/** Chooses a physical operator for every node of an optimized plan. */
export function planPhysical(plan: LogicalPlan, conf: SparkConf): PhysicalPlan {
  const child = (p: LogicalPlan): PhysicalPlan => planPhysical(p, conf);
  switch (plan.kind) {
    case "local":
      return localScan(plan, undefined);
    case "range":
      return rangeExec(plan);
    case "files":
      return filesScan(plan, conf);
    case "cached":
      return cachedScan(plan);
    case "project":
      if (plan.child.kind === "local" && plan.expressions.every((e) => e.kind === "attribute")) {
        const { output } = plan.child;
        const ordinals = plan.expressions.map((e) => ordinalOf(e as (typeof output)[number], output));
        return localScan({ ...plan.child, output: outputOf(plan) }, ordinals);
      }
      return projectExec(child(plan.child), plan.expressions);
    case "filter":
      return filterExec(child(plan.child), plan.condition);
    case "alias":
      return child(plan.child);
    case "aggregate":
      return aggregateExec(child(plan.child), plan.grouping, plan.aggregates);
    case "join":
      return joinExec(child(plan.left), child(plan.right), plan.joinType, joinKeys(plan), outputOf(plan), plan.hint);
    case "sort":
      return sortExec(child(plan.child), plan.orders, plan.global);
    case "limit": {
      const { child: below, limit, offset } = plan;
      if (below.kind === "sort" && below.global && limit + offset <= 1_000_000) {
        return topExec(child(below.child), below.orders, limit, offset);
      }
      return limitExec(child(below), limit, offset);
    }
    case "union":
      return unionExec(plan.children.map(child), outputOf(plan));
    case "sample":
      return sampleExec(child(plan.child), plan);
    case "repartition":
      return plan.shuffle
        ? roundRobinExchange(child(plan.child), plan.numPartitions)
        : coalesceExec(child(plan.child), plan.numPartitions);
    case "repartitionBy": {
      if (plan.method === "range") return rangeRepartitionExec(child(plan.child), plan.expressions, plan.numPartitions);
      const input = withColumnsFor(child(plan.child), plan.expressions, newExpressionId);
      const exchanged = hashExchange(input.child, input.attributes, input.ordinals, plan.numPartitions);
      return onlyFirst(exchanged, outputOf(plan).length);
    }
    case "mapColumns":
      return mapColumnsExec(child(plan.child), plan);
    case "observe":
      return observeExec(child(plan.child), plan);
    case "derived":
      throw new Error(`${plan.name} is not analyzed`);
  }
}

/** The first columns of a child. */
function onlyFirst(child: PhysicalPlan, width: number): PhysicalPlan {
  if (child.output.length === width) return child;
  const output = child.output.slice(0, width);
  const ordinals = output.map((_, i) => i);
  return physical({
    name: "Project",
    output,
    children: [child],
    sizeInBytes: child.sizeInBytes,
    describe: () => attributeList(output),
    async execute(context) {
      const { partitions } = await child.execute(context);
      return { partitions: partitions.map((input) => selectFragment(input, ordinals)) };
    },
  });
}
