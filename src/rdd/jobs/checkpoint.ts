import { join } from "node:path";
import { type AnyRdd } from "./lineage.js";

/** Writes the RDDs of a lineage that are marked for it, once a job ran on them, and cuts their lineage. */
export async function checkpointLineage(lineage: readonly AnyRdd[]): Promise<void> {
  // Children first: what only a checkpointed RDD needed is not checkpointed for its own sake unless it was marked itself.
  for (const rdd of [...lineage].reverse()) {
    const { checkpointing } = rdd;
    if (!checkpointing || checkpointing.done) continue;
    // Set before the job that writes it, which ends here too.
    checkpointing.done = true;
    try {
      if (checkpointing.kind === "reliable") await writeReliable(rdd);
      else await keepLocal(rdd);
    } catch (error) {
      checkpointing.done = false;
      throw error;
    }
  }
}

/** A job that computes the RDD again (from its cache, if it has one) and writes a file a partition. */
async function writeReliable(rdd: AnyRdd): Promise<void> {
  const { context } = rdd;
  const directory = join(context.checkpointDirectory(), `rdd-${rdd.id()}`);
  await rdd.runAction("rdd.writeCheckpoint", directory, { description: "checkpoint", onResult() {} });
  const { partitioner, splits } = await rdd.resolved();
  const stored = context.rdd({
    className: "ReliableCheckpointRDD",
    operator: "rdd.checkpointed",
    params: directory,
    plan: () => ({ dependencies: [], splits: splits.map(() => undefined), partitioner }),
  });
  rdd.checkpointing!.directory = directory;
  await rdd.readFrom(stored);
}

/** Computes the partitions that are not cached yet; from then on the RDD is what is cached. */
async function keepLocal(rdd: AnyRdd): Promise<void> {
  const { context } = rdd;
  const plan = await rdd.resolved();
  const missing = plan.splits.flatMap((_, p) => (context.cachedPartition(rdd.id(), p) ? [] : [p]));
  if (missing.length > 0) {
    await rdd.runAction("rdd.count", undefined, { partitions: missing, description: "localCheckpoint", onResult() {} });
  }
  const { partitioner, splits } = plan;
  const stored = context.rdd({
    className: "LocalCheckpointRDD",
    operator: "rdd.lostCheckpoint",
    params: rdd.id(),
    plan: () => ({ dependencies: [], splits: splits.map(() => undefined), partitioner }),
  });
  await rdd.readFrom(stored);
}
