import type { SparkConf } from "../../common/index.js";

const GRACE_MS = 2000;

/**
 * Time that a cancelled task has to end by itself, in milliseconds. `spark.task.reaper.killTimeout` where it is set
 * (negative: for ever); Spark's default, never to stop a thread, would leave a spinning task in its slot.
 */
export function cancelGrace(conf: SparkConf): number {
  if (!conf.contains("spark.task.reaper.killTimeout")) return GRACE_MS;
  const timeout = conf.value("taskReaperKillTimeout");
  return timeout < 0 ? Number.POSITIVE_INFINITY : timeout;
}
