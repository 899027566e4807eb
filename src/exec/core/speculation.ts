import type { SpeculationOptions } from "./scheduler-types.js";
import type { StageRun } from "./stage-run.js";

/**
 * Marks the tasks of a stage that run too long, as TaskSetManager.checkSpeculatableTasks: once enough tasks are done, those
 * that take `multiplier` times the median. The efficiency check of SPARK-36664 needs records read by a task and is left out.
 */
export function markSlowTasks(stage: StageRun, options: SpeculationOptions, slots: number, now: number): boolean {
  const { threshold } = options;
  if (stage.roundTasks === 1 && threshold === undefined) return false;
  const finished = stage.durations.length;
  const enough = Math.max(Math.floor(options.quantile * stage.roundTasks), 1);
  let limit: number;
  if (finished >= enough) limit = Math.max(options.multiplier * median(stage.durations), options.minTaskRuntime);
  else if (threshold !== undefined && stage.roundTasks <= slots) limit = threshold;
  else return false;
  let marked = false;
  for (const attempt of stage.attempts()) {
    const { partition } = attempt;
    if (stage.speculatable.has(partition) || stage.copies(partition).length !== 1 || stage.done[partition] !== 0)
      continue;
    if (now - attempt.launchedAt <= limit) continue;
    stage.speculatable.add(partition);
    marked = true;
  }
  return marked;
}

function median(durations: readonly number[]): number {
  const sorted = Float64Array.from(durations).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
