import { outputOf, childrenOf, type LogicalPlan } from "../plan/index.js";
import { attributeText, expressionList, expressionText, generatedTexts, type PhysicalPlan } from "../physical/index.js";
import type { DataFrameActions } from "./dataframe-actions.js";

export type ExplainMode = "simple" | "extended" | "codegen" | "formatted" | "cost";

/** What `explain` prints. */
export async function explainText(df: DataFrameActions, mode: ExplainMode): Promise<string> {
  const { state } = df.sparkSession;
  const analyzed = await df.analyzed();
  await state.settled();
  const optimized = state.optimized(analyzed);
  const physical = state.physical(optimized);
  const plan = `== Physical Plan ==\n${tree(physical, physicalLine, (p) => p.children)}`;
  if (mode === "simple" || mode === "formatted") return plan;
  if (mode === "codegen") {
    const texts = generatedTexts(physical);
    const found = `Found ${texts.length} WebAssembly pipelines.`;
    const listed = texts.map((text, i) => `== Pipeline ${i + 1} / ${texts.length} ==\n${text}\n`);
    return [plan, found, ...listed].join("\n");
  }
  const schema = outputOf(analyzed).map((a) => `${a.name}: ${a.type.simpleString()}`);
  return [
    `== Parsed Logical Plan ==\n${tree(df.plan, logicalLine, childrenOf)}`,
    `== Analyzed Logical Plan ==\n${schema.join(", ")}\n${tree(analyzed, logicalLine, childrenOf)}`,
    `== Optimized Logical Plan ==\n${tree(optimized, logicalLine, childrenOf)}`,
    plan,
  ].join("\n");
}

/** A tree as Spark draws it. */
function tree<T>(root: T, line: (node: T) => string, children: (node: T) => readonly T[]): string {
  const lines: string[] = [];
  const visit = (node: T, own: string, below: string): void => {
    lines.push(own + line(node));
    const list = children(node);
    list.forEach((child, i) => {
      const last = i === list.length - 1;
      visit(child, `${below}${last ? "+- " : ":- "}`, `${below}${last ? "   " : ":  "}`);
    });
  };
  visit(root, "", "");
  return `${lines.join("\n")}\n`;
}

const physicalLine = (plan: PhysicalPlan): string => `${plan.name} ${plan.describe()}`.trimEnd();

const joinNames = {
  inner: "Inner",
  cross: "Cross",
  left: "LeftOuter",
  right: "RightOuter",
  full: "FullOuter",
  semi: "LeftSemi",
  anti: "LeftAnti",
} as const;

/** Text of a logical plan; optimizer tests compare it. */
export const planText = (plan: LogicalPlan): string => tree(plan, logicalLine, childrenOf);

function logicalLine(plan: LogicalPlan): string {
  const attributes = (): string => outputOf(plan).map(attributeText).join(", ");
  switch (plan.kind) {
    case "local":
      return `LocalRelation [${attributes()}]`;
    case "range":
      return `Range (${plan.start}, ${plan.start + plan.count * plan.step}, step=${plan.step}, splits=Some(${plan.numPartitions}))`;
    case "files":
      return `Relation [${attributes()}] ${plan.format}${plan.filters.length ? ` filters=${expressionList(plan.filters)}` : ""}`;
    case "cached":
      return plan.data.checkpoint ? `LogicalRDD [${attributes()}], false` : `InMemoryRelation [${attributes()}]`;
    case "project":
      return `Project ${expressionList(plan.expressions)}`;
    case "filter":
      return `Filter ${expressionText(plan.condition)}`;
    case "aggregate":
      return `Aggregate ${expressionList(plan.grouping)}, ${expressionList(plan.aggregates)}`;
    case "join":
      return [
        "Join",
        joinNames[plan.joinType],
        ...(plan.using ? [`USING (${plan.using.join(", ")})`] : []),
        ...(plan.condition ? [expressionText(plan.condition)] : []),
      ]
        .join(", ")
        .replace("Join, ", "Join ");
    case "sort":
      return `Sort ${expressionList(plan.orders)}, ${plan.global}`;
    case "limit":
      return plan.offset === 0
        ? `GlobalLimit ${plan.limit}`
        : `Offset ${plan.offset}${Number.isFinite(plan.limit) ? `, limit ${plan.limit}` : ""}`;
    case "union":
      return "Union false, false";
    case "sample":
      return `Sample ${plan.lower}, ${plan.upper}, ${plan.withReplacement}, ${plan.seed}`;
    case "repartition":
      return `Repartition ${plan.numPartitions}, ${plan.shuffle}`;
    case "repartitionBy":
      return `RepartitionByExpression ${expressionList(plan.expressions)}${plan.numPartitions === undefined ? "" : `, ${plan.numPartitions}`}`;
    case "mapColumns":
      return `MapColumns ${plan.name} [${plan.inputs.map(attributeText).join(", ")}] -> [${plan.produced.map(attributeText).join(", ")}]`;
    case "observe":
      return `CollectMetrics ${plan.observation.name}, ${expressionList(plan.metrics)}`;
    case "alias":
      return `SubqueryAlias ${plan.alias}`;
    case "derived":
      return `'${plan.name}`;
  }
}
