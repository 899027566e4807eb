import type { RDD } from "./rdd.js";

/** Lines of an RDD itself: identity, storage level, what is stored. */
async function lines(rdd: RDD<unknown>): Promise<string[]> {
  const level = rdd.is_cached ? String(rdd.getStorageLevel()) : "";
  const stored = rdd.context.getRDDStorageInfo().filter((info) => info.id === rdd.id() && info.numCachedPartitions > 0);
  return [
    `${String(rdd)} [${level}]`,
    ...stored.map(
      (info) =>
        `    CachedPartitions: ${info.numCachedPartitions}; MemorySize: ${bytesText(info.memSize)}; DiskSize: ${bytesText(info.diskSize)}`,
    ),
  ];
}

const units = ["B", "KiB", "MiB", "GiB", "TiB"];
function bytesText(bytes: number): string {
  let unit = 0;
  let size = bytes;
  for (; unit + 1 < units.length && size >= 2 * 1024; unit++) size /= 1024;
  return `${size.toFixed(1)} ${units[unit]}`;
}

/** The lineage of an RDD in Spark's form: `(partitions)` at the top and at shuffles (`+-`), `|` below them. */
export async function debugString(rdd: RDD<unknown>): Promise<string> {
  const count = `(${await rdd.getNumPartitions()})`;
  const next = below(count);
  const [first, ...rest] = await lines(rdd);
  const own = [`${count} ${first}`, ...rest.map((line) => `${next} ${line}`)];
  return [...own, ...(await children(rdd, next))].join("\n");
}

/** What stands below a partition count: a bar under its middle. */
function below(count: string): string {
  const left = (count.length - 1) >> 1;
  return `${" ".repeat(left)}|${" ".repeat(count.length - left)}`;
}

async function children(rdd: RDD<unknown>, prefix: string): Promise<string[]> {
  const dependencies = await rdd.dependencies();
  const printed: string[] = [];
  for (const [i, { kind, rdd: parent }] of dependencies.entries()) {
    if (kind === "shuffle") printed.push(...(await shuffled(parent, prefix, i === dependencies.length - 1)));
    else {
      printed.push(...(await lines(parent)).map((line) => prefix + line));
      printed.push(...(await children(parent, prefix)));
    }
  }
  return printed;
}

async function shuffled(rdd: RDD<unknown>, prefix: string, isLast: boolean): Promise<string[]> {
  const count = `(${await rdd.getNumPartitions()})`;
  const own = prefix.replace(/\|\s+$/, "");
  const next = own + (isLast ? "  " : "| ") + below(count);
  const [first, ...rest] = await lines(rdd);
  return [`${own}+-${count} ${first}`, ...rest.map((line) => next + line), ...(await children(rdd, next))];
}
