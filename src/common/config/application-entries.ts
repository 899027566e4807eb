import { tmpdir } from "node:os";
import { atLeast, bytes, checked, duration, entry, flag, integer, optional, text } from "./config-entry.js";

/** The application and its driver. */
export const applicationEntries = {
  master: entry("spark.master", "local[*]", text, "Where to run: local, local[N], local[*] or local-cluster[E,C,M]."),
  appName: entry("spark.app.name", "kindling", text, "Name of the application."),
  defaultParallelism: optional(
    "spark.default.parallelism",
    atLeast(integer, 1),
    "Partitions of new data and of a shuffle without a number; unset: as many as tasks run at once.",
  ),
  localDir: entry(
    "spark.local.dir",
    tmpdir(),
    text,
    "Folder for spilled and shuffled data; several are separated by commas.",
  ),
  files: entry("spark.files", "", text, "Files that every executor finds under SparkFiles, separated by commas."),
  driverMemory: entry("spark.driver.memory", "1g", bytes("m"), "Memory of the driver process."),
  driverCores: entry("spark.driver.cores", "1", atLeast(integer, 1), "Cores of the driver process."),
  maxResultSize: entry(
    "spark.driver.maxResultSize",
    "1g",
    bytes(),
    "Bytes that the results of one action may take on the driver; 0 is no limit.",
  ),
  networkTimeout: entry(
    "spark.network.timeout",
    "120s",
    duration("s"),
    "Silence after which a process counts as lost.",
  ),
  heartbeatInterval: entry(
    "spark.executor.heartbeatInterval",
    "10s",
    checked(duration("ms"), (ms) => ms > 0, "The value of spark.executor.heartbeatInterval must be positive"),
    "Time between two signs of life of an executor process.",
  ),
  showProgress: entry("spark.ui.showConsoleProgress", "true", flag, "Progress bars when standard error is a terminal."),
} as const;
