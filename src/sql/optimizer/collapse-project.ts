import { isDeterministic, operandsOf, substitute, type Expression } from "../expressions/index.js";
import { type Project, transformPlanUp } from "../plan/index.js";
import type { Rule } from "./optimizer.js";

const unaliased = (e: Expression): Expression => (e.kind === "alias" ? e.child : e);

/** How often each attribute is read. */
function countUses(e: Expression, uses: Map<number, number>): void {
  if (e.kind === "attribute") uses.set(e.id, (uses.get(e.id) ?? 0) + 1);
  for (const operand of operandsOf(e)) countUses(operand, uses);
}

const isCheap = (e: Expression): boolean => e.kind === "attribute" || e.kind === "literal";

/** Two projections in a row become one, unless an expression would then be computed twice or a random one moved. */
export const collapseProject: Rule = {
  name: "CollapseProject",
  apply: (plan) =>
    transformPlanUp(plan, (node) => {
      if (node.kind !== "project" || node.child.kind !== "project") return node;
      const inner = node.child;
      const uses = new Map<number, number>();
      for (const e of node.expressions) countUses(e, uses);
      const definitions = new Map<number, Expression>();
      for (const e of inner.expressions) {
        if (e.kind !== "alias" || e.id === undefined) continue;
        if (!isDeterministic(e) || ((uses.get(e.id) ?? 0) > 1 && !isCheap(e.child))) return node;
        definitions.set(e.id, e);
      }
      return { ...node, child: inner.child, expressions: merged(node, definitions) };
    }),
};

function merged(outer: Project, definitions: ReadonlyMap<number, Expression>): Expression[] {
  const values = new Map([...definitions].map(([id, e]) => [id, unaliased(e)]));
  return outer.expressions.map((e) => {
    // An attribute that the inner projection made keeps its name, id and metadata.
    if (e.kind === "attribute") return definitions.get(e.id) ?? e;
    return substitute(e, values);
  });
}
