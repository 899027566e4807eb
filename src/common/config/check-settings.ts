import { IllegalArgumentException, SparkException } from "../errors.js";
import { parseMaster } from "./master.js";
import { configEntry, type SparkConf } from "./spark-conf.js";
import { isSparkKey, nearestSparkKey } from "./spark-keys.js";

const RESERVED_BYTES = 300 * 2 ** 20;
const warned = new Set<string>();

/** Warns about a `spark.*` key that Spark does not have: once a key and process. */
export function warnOfUnknownKey(key: string): void {
  if (!key.startsWith("spark.") || warned.has(key) || configEntry(key) || isSparkKey(key)) return;
  warned.add(key);
  const nearest = nearestSparkKey(key);
  const hint = nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
  process.emitWarning(`The config "${key}" is unknown and has no effect.${hint}`, { code: "KINDLING_UNKNOWN_CONF" });
}

/** Throws for a value that the key does not allow. */
export function checkSetting(key: string, text: string): void {
  configEntry(key)?.parse(text, key);
}

/**
 * Checks all settings of a session that starts: values that do not parse, and settings that contradict each other, are errors with the
 * key's name; unknown `spark.*` keys warn. Keys that Spark has and kindling has no use for are accepted silently.
 */
export function checkSettings(conf: SparkConf): void {
  for (const [key, text] of conf.getAll()) {
    checkSetting(key, text);
    warnOfUnknownKey(key);
  }
  const master = parseMaster(conf.value("master"));
  const [network, heartbeat] = [conf.value("networkTimeout"), conf.value("heartbeatInterval")];
  if (network <= heartbeat) {
    throw new IllegalArgumentException(
      `Invalid Spark config: The value of spark.network.timeout=${network}ms must be greater than the value of spark.executor.heartbeatInterval=${heartbeat}ms.`,
      {
        condition: "INVALID_SPARK_CONFIG.INVALID_EXECUTOR_HEARTBEAT_INTERVAL",
        sqlState: "42616",
        parameters: { networkTimeoutValue: String(network), executorHeartbeatIntervalValue: String(heartbeat) },
      },
    );
  }
  const least = Math.floor((conf.value("reservedMemory") ?? RESERVED_BYTES) * 1.5);
  const memory = conf.value("executorMemory");
  if (memory !== undefined && memory < least) {
    throw new IllegalArgumentException(
      `Insufficient executor memory: Executor memory ${memory} must be at least ${least}.\nPlease increase executor memory using the --executor-memory option or "spark.executor.memory" in Spark configuration.`,
      {
        condition: "INVALID_EXECUTOR_MEMORY.CONFIG_MEMORY",
        sqlState: "F0000",
        parameters: { executorMemory: String(memory), minSystemMemory: String(least) },
      },
    );
  }
  const cores = conf.value("executorCores") ?? (master.kind === "local" ? master.threads : master.coresPerExecutor);
  const cpus = conf.value("taskCpus");
  if (cores < cpus) {
    throw new SparkException(
      `The number of cores per executor (=${cores}) has to be >= the number of cpus per task = ${cpus}; lower "spark.task.cpus" or raise the cores in "spark.master" or "spark.executor.cores".`,
      { parameters: { confName: "spark.task.cpus", confValue: String(cpus) } },
    );
  }
  if (conf.value("dynamicAllocationMinExecutors") > conf.value("dynamicAllocationMaxExecutors")) {
    throw new SparkException(
      `spark.dynamicAllocation.minExecutors (${conf.value("dynamicAllocationMinExecutors")}) must be less than or equal to spark.dynamicAllocation.maxExecutors (${conf.value("dynamicAllocationMaxExecutors")})!`,
    );
  }
}
