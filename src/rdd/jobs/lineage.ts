import type { RDD } from "../rdd.js";
import type { Dependency } from "../dependency.js";

// eslint-disable-next-line typescript/no-explicit-any -- a lineage holds RDDs of any element
export type AnyRdd = RDD<any>;

/** Every RDD that this one is computed from, itself included, planned; parents come before children. */
export async function resolveLineage(rdd: AnyRdd): Promise<AnyRdd[]> {
  const done = new Set<AnyRdd>();
  const order: AnyRdd[] = [];
  // A stack of its own: iterative programs have lineages thousands of RDDs deep.
  const stack: { rdd: AnyRdd; parents?: AnyRdd[] }[] = [{ rdd }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (!top.parents) {
      if (done.has(top.rdd)) {
        stack.pop();
        continue;
      }
      done.add(top.rdd);
      top.parents = (await top.rdd.resolved()).dependencies.map((dependency: Dependency) => dependency.rdd);
    }
    const next = top.parents.pop();
    if (next) {
      if (!done.has(next)) stack.push({ rdd: next });
      continue;
    }
    order.push(top.rdd);
    stack.pop();
  }
  return order;
}

/** Dependencies of an RDD whose plan was made. */
export const dependenciesOf = (rdd: AnyRdd): readonly Dependency[] => rdd.plan!.dependencies;
