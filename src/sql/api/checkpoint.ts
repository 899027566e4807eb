import { SparkException } from "../../common/index.js";
import type { StorageLevel } from "../../storage/index.js";
import type { DataFrame } from "./dataframe.js";

/** `df.checkpoint`: files in the context's checkpoint directory take the place of the plan. */
export async function checkpointed(
  df: DataFrame,
  eager: boolean,
  method: (...args: never[]) => unknown,
): Promise<DataFrame> {
  const { state } = df.sparkSession;
  const directory = state.engine.blocks.checkpointDirectory;
  if (directory === undefined) {
    throw new SparkException(
      "Checkpoint directory has not been set in the SparkContext; call sparkContext.setCheckpointDir(directory) first.",
      { parameters: { confName: "spark.checkpoint.dir" } },
    );
  }
  const analyzed = await df.analyzed();
  await state.settled();
  const { plan, entry } = state.cached.checkpoint(analyzed, directory);
  if (eager) await state.job("checkpoint", {}, (context) => entry.fill(context));
  return df.withPlan(plan, method);
}

/** `df.localCheckpoint`: stored blocks take the place of the plan. */
export async function locallyCheckpointed(
  df: DataFrame,
  eager: boolean,
  level: StorageLevel,
  method: (...args: never[]) => unknown,
): Promise<DataFrame> {
  const { state } = df.sparkSession;
  const analyzed = await df.analyzed();
  await state.settled();
  // What has no room in memory must lie somewhere: there is no plan to compute it again by.
  const { plan, entry } = state.cached.localCheckpoint(analyzed, level);
  if (eager) await state.job("localCheckpoint", {}, (context) => entry.fill(context));
  return df.withPlan(plan, method);
}
