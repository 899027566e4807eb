import type { Master, SparkConf } from "../../common/index.js";
import type {
  AllocationOptions,
  DynamicAllocationOptions,
  ExclusionOptions,
  SchedulerOptions,
  SpeculationOptions,
} from "../core/scheduler-types.js";
import { readAllocationFile } from "./allocation-file.js";

const HOUR = 3_600_000;
/** `spark.deploy.maxExecutorRetries`. */
const MAX_EXECUTOR_RETRIES = 10;

/** The scheduler's settings by Spark's keys. */
export function schedulerOptions(conf: SparkConf, master: Master): SchedulerOptions {
  const cluster = master.kind === "local-cluster" ? master : undefined;
  const taskMaxFailures = conf.value("taskMaxFailures");
  const mode = conf.value("schedulerMode") === "FAIR" ? "FAIR" : "FIFO";
  const file = conf.value("schedulerAllocationFile");
  const speculation = conf.value("speculation") ? speculationOptions(conf) : undefined;
  const exclusion = exclusionOptions(conf);
  return {
    mode,
    pools: mode === "FAIR" && file !== undefined ? readAllocationFile(file) : [],
    maxFailures: master.kind === "local" ? master.maxFailures : taskMaxFailures,
    // Spark has no threads that die under a task; a lost one is not the task's first and last failure.
    maxLosses: Math.max(master.kind === "local" ? master.maxFailures : 0, taskMaxFailures),
    maxStageAttempts: conf.value("stageMaxConsecutiveAttempts"),
    localityWait: conf.value("localityWaitProcess"),
    ...(speculation ? { speculation } : {}),
    ...(exclusion ? { exclusion } : {}),
    taskCpus: conf.value("taskCpus"),
    ...(cluster ? { allocation: allocationOptions(conf, cluster.executors, cluster.coresPerExecutor) } : {}),
    ...(cluster ? { heartbeatTimeout: conf.value("networkTimeout") } : {}),
  };
}

function speculationOptions(conf: SparkConf): SpeculationOptions {
  const threshold = conf.value("speculationTaskDurationThreshold");
  return {
    interval: conf.value("speculationInterval"),
    multiplier: conf.value("speculationMultiplier"),
    quantile: conf.value("speculationQuantile"),
    minTaskRuntime: conf.value("speculationMinTaskRuntime"),
    ...(threshold === undefined ? {} : { threshold }),
  };
}

function exclusionOptions(conf: SparkConf): ExclusionOptions | undefined {
  const all = conf.value("excludeOnFailure") ?? false;
  const tasks = conf.value("excludeOnFailureTaskAndStage") ?? all;
  const application = conf.value("excludeOnFailureApplication") ?? all;
  if (!tasks && !application) return undefined;
  return {
    maxTaskAttemptsPerExecutor: tasks ? conf.value("maxTaskAttemptsPerExecutor") : Infinity,
    maxFailedTasksPerExecutorInStage: tasks ? conf.value("maxFailedTasksPerExecutorStage") : Infinity,
    maxFailedTasksPerExecutor: application ? conf.value("maxFailedTasksPerExecutor") : Infinity,
    timeout: conf.value("excludeOnFailureTimeout") ?? HOUR,
    killExcluded: conf.value("killExcludedExecutors"),
    fetchFailure: application && conf.get("spark.excludeOnFailure.application.fetchFailure.enabled") === "true",
    unschedulableTimeout: 120_000,
  };
}

function allocationOptions(conf: SparkConf, executors: number, coresPerExecutor: number): AllocationOptions {
  return {
    executors,
    coresPerExecutor,
    maxRetries: MAX_EXECUTOR_RETRIES,
    ...(conf.value("dynamicAllocation") ? { dynamic: dynamicAllocationOptions(conf, executors) } : {}),
  };
}

function dynamicAllocationOptions(conf: SparkConf, executors: number): DynamicAllocationOptions {
  const min = conf.value("dynamicAllocationMinExecutors");
  return {
    min,
    // A master of E executors has no room for more.
    max: Math.min(conf.value("dynamicAllocationMaxExecutors"), executors),
    initial: Math.max(min, conf.value("dynamicAllocationInitialExecutors"), conf.value("executorInstances") ?? 0),
    ratio: conf.value("dynamicAllocationExecutorAllocationRatio"),
    backlogTimeout: conf.value("dynamicAllocationSchedulerBacklogTimeout"),
    sustainedBacklogTimeout: conf.value("dynamicAllocationSustainedSchedulerBacklogTimeout"),
    idleTimeout: conf.value("dynamicAllocationExecutorIdleTimeout"),
    cachedIdleTimeout: conf.value("dynamicAllocationCachedExecutorIdleTimeout"),
  };
}
