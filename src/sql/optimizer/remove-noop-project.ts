import { outputOf, transformPlanUp } from "../plan/index.js";
import type { Rule } from "./optimizer.js";

/** A projection that passes on exactly its input's columns does nothing. */
export const removeNoopProject: Rule = {
  name: "RemoveNoopOperators",
  apply: (plan) =>
    transformPlanUp(plan, (node) => {
      if (node.kind !== "project") return node;
      const below = outputOf(node.child);
      const same =
        below.length === node.expressions.length &&
        node.expressions.every((e, i) => e.kind === "attribute" && e.id === below[i].id);
      return same ? node.child : node;
    }),
};
