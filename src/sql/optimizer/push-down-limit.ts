import { transformPlanDown } from "../plan/index.js";
import type { Rule } from "./optimizer.js";

/** A limit passes projections, where it may meet a sort (top k), and is repeated below a union's branches. */
export const pushDownLimit: Rule = {
  name: "LimitPushDown",
  apply: (plan) =>
    transformPlanDown(plan, (node) => {
      if (node.kind !== "limit") return node;
      const { child } = node;
      if (child.kind === "project") return { ...child, child: { ...node, child: child.child } };
      if (child.kind === "union" && Number.isFinite(node.limit)) {
        const most = node.limit + node.offset;
        if (child.children.every((branch) => branch.kind === "limit" && branch.limit <= most)) return node;
        const children = child.children.map(
          (branch) => ({ kind: "limit", child: branch, limit: most, offset: 0 }) as const,
        );
        return { ...node, child: { ...child, children } };
      }
      return node;
    }),
};
