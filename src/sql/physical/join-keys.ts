import type { Expression } from "../expressions/index.js";
import { outputOf, referencesOf, type Join } from "../plan/index.js";
import type { JoinKeys } from "./join-exec.js";

/** Splits a join condition into pairs of equal keys and what is left over. */
export function joinKeys(join: Join): JoinKeys {
  const leftIds = new Set(outputOf(join.left).map((a) => a.id));
  const rightIds = new Set(outputOf(join.right).map((a) => a.id));
  const within = (e: Expression, ids: ReadonlySet<number>): boolean => {
    const references = referencesOf(e);
    return references.size > 0 && [...references].every((id) => ids.has(id));
  };
  const left: Expression[] = [];
  const right: Expression[] = [];
  const nullSafe: boolean[] = [];
  const rest: Expression[] = [];
  for (const conjunct of join.condition ? conjunctsOf(join.condition) : []) {
    if (conjunct.kind === "call" && (conjunct.name === "=" || conjunct.name === "<=>" || conjunct.name === "==")) {
      const [a, b] = conjunct.args;
      const straight = within(a, leftIds) && within(b, rightIds);
      if (straight || (within(b, leftIds) && within(a, rightIds))) {
        left.push(straight ? a : b);
        right.push(straight ? b : a);
        nullSafe.push(conjunct.name === "<=>");
        continue;
      }
    }
    rest.push(conjunct);
  }
  return { left, right, nullSafe, residual: rest.length > 0 ? rest.reduce(both) : undefined };
}

/** The parts of a condition that must all hold. */
export const conjunctsOf = (e: Expression): readonly Expression[] =>
  e.kind === "call" && e.name.toLowerCase() === "and" ? e.args.flatMap(conjunctsOf) : [e];

const both = (a: Expression, b: Expression): Expression => ({
  kind: "call",
  name: "and",
  args: [a, b],
  ...("type" in a && a.type ? { type: a.type } : {}),
  nullable: true,
});
