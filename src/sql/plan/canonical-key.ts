import { expressionKey, identity } from "../expressions/index.js";
import type { LogicalPlan } from "./logical-plan.js";
import { childrenOf, expressionsOf } from "./plan-tree.js";
import { outputOf } from "./output-of.js";

const keys = new WeakMap<LogicalPlan, number>();
const numbers = new Map<string, number>();

/** A number that two analyzed plans share exactly when they give the same rows: columns count by position, not by id. */
export function canonicalKey(plan: LogicalPlan): number {
  let key = keys.get(plan);
  if (key !== undefined) return key;
  const children = childrenOf(plan);
  const text = `${ownText(plan)}[${children.map(canonicalKey).join(",")}]`;
  key = numbers.get(text);
  if (key === undefined) numbers.set(text, (key = numbers.size));
  keys.set(plan, key);
  return key;
}

function ownText(plan: LogicalPlan): string {
  const inputs = new Map<number, number>();
  for (const child of childrenOf(plan))
    for (const a of outputOf(child)) if (!inputs.has(a.id)) inputs.set(a.id, inputs.size);
  if (plan.kind === "files") plan.output.forEach((a, i) => inputs.set(a.id, i));
  const expressions = expressionsOf(plan)
    .map((e) => expressionKey(e, (a) => `$${inputs.get(a.id) ?? a.name}`))
    .join(";");
  return `${plan.kind}:${detail(plan, inputs)}:${expressions}`;
}

function detail(plan: LogicalPlan, inputs: ReadonlyMap<number, number>): string {
  switch (plan.kind) {
    case "local":
      return String(identity(plan.data));
    case "range":
      return [plan.start, plan.step, plan.count, plan.numPartitions].join();
    case "files":
      return JSON.stringify([plan.format, plan.files, plan.options, plan.output.map((a) => a.name), plan.schema]);
    case "cached":
      return `${plan.data.id}/${plan.ordinals.join()}`;
    case "project":
      return plan.expressions.map((e) => (e.kind === "alias" || e.kind === "attribute" ? e.name : "")).join("\u0000");
    case "aggregate":
      return `${plan.grouping.length}`;
    case "join":
      return plan.joinType;
    case "sort":
      return String(plan.global);
    case "limit":
      return `${plan.limit},${plan.offset}`;
    case "sample":
      return [plan.lower, plan.upper, plan.withReplacement, plan.seed].join();
    case "repartition":
      return `${plan.numPartitions},${plan.shuffle}`;
    case "repartitionBy":
      return `${plan.method},${plan.numPartitions}`;
    case "observe":
      return String(identity(plan.observation));
    case "mapColumns": {
      // Payloads may hold shared memory: the same function with the same payload object is the same column.
      const produced = plan.output.map((a) => inputs.get(a.id) ?? `${a.name}:${a.type.json()}`);
      return `${plan.name},${identity(Object(plan.payload) as object)},${produced.join()}`;
    }
    default:
      return "";
  }
}
