import type { RDD } from "../rdd.js";

/** The first elements: one partition, then, as Spark does, up to `spark.rdd.limit.scaleUpFactor` (4) times as many as were tried. */
export async function take<T>(rdd: RDD<T>, num: number): Promise<T[]> {
  if (num <= 0) return [];
  const scaleUp = Math.max(2, Number(rdd.context.getConf().get("spark.rdd.limit.scaleUpFactor") ?? 4));
  const initial = Number(rdd.context.getConf().get("spark.rdd.limit.initialNumPartitions") ?? 1);
  const numPartitions = await rdd.getNumPartitions();
  const found: T[] = [];
  for (let scanned = 0; found.length < num && scanned < numPartitions;) {
    let next = initial;
    if (scanned > 0) {
      next = scanned * scaleUp;
      if (found.length > 0) next = Math.min(next, Math.ceil((1.5 * (num - found.length) * scanned) / found.length));
    }
    const partitions = Array.from({ length: Math.min(next, numPartitions - scanned) }, (_, i) => scanned + i);
    const parts = await rdd.runAction<T[]>("rdd.take", num - found.length, { partitions, description: "take" });
    for (const part of parts) for (const element of part) if (found.length < num) found.push(element);
    scanned += partitions.length;
  }
  return found;
}
