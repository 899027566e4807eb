import type { RDD } from "../rdd.js";
import { blockBytes } from "../../memory/index.js";
import { SparkException } from "../../common/index.js";
import { actionTask, type ActionPayload } from "../actions/action-task.js";
import { unpackResult, type Packed } from "../actions/pack.js";
import { checkpointLineage } from "./checkpoint.js";
import { resolveLineage } from "./lineage.js";
import { runMapStages } from "./map-stages.js";
import { MissingParentStage, nodeSpecOf } from "./node-spec-of.js";

export interface ActionOptions<R> {
  /** Partitions to compute; all by default. */
  readonly partitions?: readonly number[];
  readonly description?: string;
  /** Called with each result as it comes; the results are not kept then. */
  readonly onResult?: (partition: number, result: R) => void;
}

/** Times a job starts over because something that was cached when it was planned no longer was. */
const MOST_PLANS = 4;

/** Runs an action on the partitions of an RDD as one job; results in the order of `partitions`. */
export async function runAction<R>(
  rdd: RDD<unknown>,
  action: string,
  params: unknown,
  { partitions, description, onResult }: ActionOptions<R> = {},
): Promise<R[]> {
  const { context } = rdd;
  context.assertRunning();
  const options = context.jobOptions(description ?? action.replace(/^rdd\./, ""));
  const lineage = await resolveLineage(rdd);
  const numTasks = rdd.plan!.splits.length;
  const wanted = partitions ?? Array.from({ length: numTasks }, (_, i) => i);
  if (wanted.length === 0) return [];
  const { scheduler } = context.engine;
  const results = new Map<number, R>();
  const limit = resultLimit(context.engine.conf.value("maxResultSize"));
  const run = (): Promise<unknown> =>
    scheduler.runJob(options, async (job) => {
      const { outputs, stages } = await runMapStages(job, rdd, scheduler);
      await scheduler.runStage<Packed>(
        job,
        {
          name: options.description,
          task: actionTask.name,
          numTasks,
          partitions: wanted,
          inputs: stages,
          payload: (partition): ActionPayload => ({ node: nodeSpecOf(rdd, partition, outputs), action, params }),
          preferredExecutors: (partition) => context.preferredExecutors(rdd, partition),
        },
        (partition, packed) => {
          limit(packed);
          const result = unpackResult(packed) as R;
          if ("rows" in packed) context.release(packed.rows);
          if (onResult) onResult(partition, result);
          else results.set(partition, result);
        },
      );
    });
  for (let plan = 1; ; plan++) {
    try {
      await run();
      break;
    } catch (error) {
      if (!(error instanceof MissingParentStage) || plan === MOST_PLANS) throw error;
    }
  }
  await checkpointLineage(lineage);
  return onResult ? [] : wanted.map((partition) => results.get(partition)!);
}

/** Counts the bytes of results; throws when an action brings the driver more than it may. */
function resultLimit(most: number): (packed: Packed) => void {
  let total = 0;
  let tasks = 0;
  return (packed) => {
    tasks++;
    if ("bytes" in packed) total += packed.bytes.length;
    else if ("rows" in packed) total += packed.rows.reduce((n, { block }) => n + blockBytes(block), 0);
    if (most === 0 || total <= most) return;
    throw new SparkException(
      `Job aborted due to stage failure: Total size of serialized results of ${tasks} tasks (${total} bytes) is bigger than spark.driver.maxResultSize (${most} bytes). Raise it, or reduce the data before it is collected.`,
      { parameters: { confName: "spark.driver.maxResultSize", confValue: String(most) } },
    );
  };
}
