import { AnalysisException } from "../../common/index.js";
import { childrenOf, describeCallSite, outputOf, withChildren, type Derived, type LogicalPlan } from "../plan/index.js";
import { resolveAggregate } from "./resolve-aggregate.js";
import { resolveFilter } from "./resolve-filter.js";
import { resolveJoin } from "./resolve-join.js";
import { resolveObserve } from "./resolve-observe.js";
import { resolveProject } from "./resolve-project.js";
import { resolveSort } from "./resolve-sort.js";
import { resolveUnion } from "./resolve-union.js";
import { resolveExpression } from "./resolve-expression.js";
import type { Scope } from "./resolve-name.js";

/** Session settings that decide what a plan means. */
export interface AnalyzerSettings {
  readonly caseSensitive: boolean;
  readonly ansi: boolean;
  readonly timeZone: string;
}

/** What the resolution of one kind of node needs. */
export interface AnalysisContext {
  readonly settings: AnalyzerSettings;
  /** Names visible above some resolved plans. */
  scope(operator: string, ...plans: readonly LogicalPlan[]): Scope;
}

/** Resolves plans from the leaves up; a subplan that several DataFrames share is resolved once. */
export class Analyzer {
  private readonly analyzed = new WeakMap<LogicalPlan, Promise<LogicalPlan>>();
  private readonly context: AnalysisContext;

  constructor(settings: AnalyzerSettings) {
    this.context = {
      settings,
      scope: (operator, ...plans) => ({
        attributes: plans.flatMap(outputOf),
        plans,
        caseSensitive: settings.caseSensitive,
        operator,
      }),
    };
  }

  /** The plan with every expression typed and every column an attribute. */
  analyze(plan: LogicalPlan): Promise<LogicalPlan> {
    let result = this.analyzed.get(plan);
    if (!result) {
      result = this.resolve(plan).catch((error: unknown) => {
        this.analyzed.delete(plan);
        throw error;
      });
      this.analyzed.set(plan, result);
    }
    return result;
  }

  private async resolve(plan: LogicalPlan): Promise<LogicalPlan> {
    const children = await Promise.all(childrenOf(plan).map((child) => this.analyze(child)));
    try {
      const resolved = await this.resolveNode(plan, children);
      const tagged =
        plan.planId === undefined || resolved.planId === plan.planId ? resolved : { ...resolved, planId: plan.planId };
      this.analyzed.set(tagged, Promise.resolve(tagged));
      return tagged;
    } catch (error) {
      throw located(error, plan);
    }
  }

  private async resolveNode(plan: LogicalPlan, children: readonly LogicalPlan[]): Promise<LogicalPlan> {
    if (plan.kind === "derived") return this.derive(plan, children);
    const node = withChildren(plan, children);
    switch (node.kind) {
      case "project":
        return resolveProject(node, this.context);
      case "filter":
        return resolveFilter(node, this.context);
      case "aggregate":
        return resolveAggregate(node, this.context);
      case "observe":
        return resolveObserve(node, this.context);
      case "join":
        return resolveJoin(node, this.context);
      case "sort":
        return resolveSort(node, this.context);
      case "union":
        return node.output ? node : resolveUnion(node);
      case "repartitionBy": {
        const scope = this.context.scope("RepartitionByExpression", node.child);
        return { ...node, expressions: node.expressions.map((e) => resolveExpression(e, scope)) };
      }
      default:
        return node;
    }
  }

  private async derive(plan: Derived, children: readonly LogicalPlan[]): Promise<LogicalPlan> {
    return this.analyze(await plan.build(children));
  }
}

/** Adds the user's call site to an analysis error, as Spark's query context does. */
function located(error: unknown, plan: LogicalPlan): unknown {
  if (!(error instanceof AnalysisException) || error.message.includes("\n== DataFrame ==\n")) return error;
  const place = describeCallSite(plan.origin);
  if (place !== undefined) {
    error.message = `${error.message}\n== DataFrame ==\n"${plan.origin!.method}" was called from\n${place}\n`;
  }
  return error;
}
