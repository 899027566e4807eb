import type { Job, Scheduler, StageOutput } from "../../exec/index.js";
import type { ShuffleDependency } from "../dependency.js";
import type { MapOutput } from "../shuffle/map-output.js";
import { mapTask, type MapPayload } from "../shuffle/map-task.js";
import { dependenciesOf, type AnyRdd } from "./lineage.js";
import { nodeSpecOf, type MapOutputs } from "./node-spec-of.js";

/** Lets go of a shuffle's blocks when nothing can read them any more. */
const released = new FinalizationRegistry<StageOutput>((output) => output.release());

/** What a stage that computes an RDD reads. */
export interface StageInputs {
  readonly outputs: MapOutputs;
  /** The kept stages among them. */
  readonly stages: readonly StageOutput[];
}

/** Runs the shuffles that an RDD reads and that have not run yet, parents first; those nearest to it are returned for its stage. */
export async function runMapStages(job: Job, rdd: AnyRdd, scheduler: Scheduler): Promise<StageInputs> {
  const { shuffles, sources } = inputsOf(rdd);
  const outputs = new Map<ShuffleDependency, StageOutput<MapOutput>>();
  await Promise.all(
    shuffles.map(async (dependency) => {
      outputs.set(dependency, await outputOf(job, dependency, scheduler));
    }),
  );
  return { outputs, stages: [...outputs.values(), ...sources] };
}

/** Shuffles and sources that are reached over narrow dependencies only; not those behind what is wholly cached. */
function inputsOf(rdd: AnyRdd): { shuffles: ShuffleDependency[]; sources: StageOutput[] } {
  const found = new Set<ShuffleDependency>();
  const sources = new Set<StageOutput>();
  const seen = new Set<AnyRdd>([rdd]);
  const queue = [rdd];
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (next.is_cached && isCached(next)) continue;
    for (const source of next.plan!.sources ?? []) sources.add(source);
    for (const dependency of dependenciesOf(next)) {
      if (dependency.kind === "shuffle") found.add(dependency);
      else if (!seen.has(dependency.rdd)) {
        seen.add(dependency.rdd);
        queue.push(dependency.rdd);
      }
    }
  }
  return { shuffles: [...found], sources: [...sources] };
}

const isCached = (rdd: AnyRdd): boolean =>
  rdd.plan!.splits.every((_, partition) => rdd.context.cachedPartition(rdd.id(), partition));

/** The map stage of a dependency: run once, kept, and shared by all its readers. */
async function outputOf(
  job: Job,
  dependency: ShuffleDependency,
  scheduler: Scheduler,
): Promise<StageOutput<MapOutput>> {
  for (;;) {
    const running = dependency.output;
    if (!running) break;
    try {
      return await running;
    } catch (error) {
      // It failed with the job that started it; this job has its own try, unless it is the same one.
      if (job.signal.aborted) throw error;
      if (dependency.output === running) dependency.output = undefined;
    }
  }
  const output = runMapStage(job, dependency, scheduler);
  dependency.output = output;
  try {
    const kept = await output;
    released.register(dependency, kept);
    return kept;
  } catch (error) {
    if (dependency.output === output) dependency.output = undefined;
    throw error;
  }
}

async function runMapStage(
  job: Job,
  { rdd, partitioner, options }: ShuffleDependency,
  scheduler: Scheduler,
): Promise<StageOutput<MapOutput>> {
  const { outputs, stages } = await runMapStages(job, rdd, scheduler);
  const { aggregator, mapSideCombine } = options;
  const plan = rdd.plan!;
  return scheduler.runKept<MapOutput>(job, {
    name: rdd.toString(),
    task: mapTask.name,
    numTasks: plan.splits.length,
    inputs: stages,
    payload: (partition): MapPayload => ({
      node: nodeSpecOf(rdd, partition, outputs),
      numPartitions: partitioner.numPartitions,
      partitioner: partitioner.spec,
      ...(aggregator && mapSideCombine ? { aggregator } : {}),
    }),
    preferredExecutors: (partition) => rdd.context.preferredExecutors(rdd, partition),
  });
}
