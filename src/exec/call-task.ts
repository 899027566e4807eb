import { type Closure, reviveClosure } from "./closure/index.js";
import { defineTask } from "./task.js";

/** Calls a captured function on a worker with an argument and the task's context: what the cost of a task itself is measured by. */
export const callTask = defineTask<{ readonly closure: Closure; readonly argument?: unknown }, unknown>({
  name: "exec.call",
  run: async ({ closure, argument }, context) => reviveClosure(closure)(argument, context),
});
