import { defineTask } from "../../exec/index.js";
import { rddAction } from "../action.js";
import type { NodeSpec } from "../compute/node-spec.js";
import { TaskCompute } from "../compute/task-compute.js";
import { packResult, type Packed } from "./pack.js";

export interface ActionPayload {
  readonly node: NodeSpec;
  readonly action: string;
  readonly params: unknown;
}

/** Computes one partition and does with it what the action says. */
export const actionTask = defineTask<ActionPayload, Packed>({
  name: "rdd.action",
  async run({ node, action, params }, task) {
    const compute = new TaskCompute(task);
    await compute.prepare(node);
    const source = compute.source(node);
    const input = { task, partition: node.partition, revive: compute.revive };
    const result = await rddAction(action).run(source, params, input);
    compute.report();
    return packResult(result, task);
  },
});
