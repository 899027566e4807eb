import { bytes, checked, entry, flag, integer, invalidValue, type Parse } from "./config-entry.js";

const timeZone: Parse<string> = (value, key) => {
  try {
    new Intl.DateTimeFormat("en", { timeZone: value });
  } catch {
    throw invalidValue(key, value, "TIME_ZONE", "Cannot resolve the given timezone.");
  }
  return value;
};

/** Settings of DataFrames and SQL. */
export const sqlEntries = {
  shufflePartitions: entry(
    "spark.sql.shuffle.partitions",
    "200",
    checked(integer, (n) => n > 0, "The value of spark.sql.shuffle.partitions must be positive"),
    "Partitions after a shuffle.",
  ),
  broadcastThreshold: entry(
    "spark.sql.autoBroadcastJoinThreshold",
    "10MB",
    bytes(),
    "Largest join side, in bytes, that is broadcast; -1 never.",
  ),
  maxPartitionBytes: entry(
    "spark.sql.files.maxPartitionBytes",
    "134217728b",
    bytes(),
    "Bytes of a file a task reads at most.",
  ),
  openCost: entry(
    "spark.sql.files.openCostInBytes",
    "4194304b",
    bytes(),
    "Cost of opening a file, in bytes read meanwhile.",
  ),
  ansi: entry(
    "spark.sql.ansi.enabled",
    "true",
    flag,
    "Errors instead of nulls on overflow, bad casts, division by zero.",
  ),
  caseSensitive: entry("spark.sql.caseSensitive", "false", flag, "Whether column names distinguish case."),
  timeZone: entry(
    "spark.sql.session.timeZone",
    Intl.DateTimeFormat().resolvedOptions().timeZone,
    timeZone,
    "Time zone in which timestamps are shown and parsed.",
  ),
  adaptive: entry("spark.sql.adaptive.enabled", "true", flag, "Choose joins and partition counts by the real sizes."),
  codegen: entry("spark.sql.codegen.wholeStage", "true", flag, "Run filters and projections as generated WebAssembly."),
} as const;
