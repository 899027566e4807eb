import {
  atLeast,
  checked,
  double,
  duration,
  entry,
  fallbackTo,
  flag,
  integer,
  oneOf,
  optional,
  text,
} from "./config-entry.js";

const backlogTimeout = entry(
  "spark.dynamicAllocation.schedulerBacklogTimeout",
  "1s",
  duration("s"),
  "Time that tasks wait before executors are added.",
);
const minExecutors = entry(
  "spark.dynamicAllocation.minExecutors",
  "0",
  atLeast(integer, 0),
  "Executors that are kept whatever happens.",
);
const localityWait = entry(
  "spark.locality.wait",
  "3s",
  duration("ms"),
  "Time that a task waits for a free place near its data.",
);

/** Tasks, stages, pools, places, executors that come and go. */
export const schedulerEntries = {
  executorCores: optional("spark.executor.cores", atLeast(integer, 1), "Tasks that one executor runs at once."),
  executorInstances: optional("spark.executor.instances", atLeast(integer, 0), "Executor processes at start."),
  taskCpus: entry(
    "spark.task.cpus",
    "1",
    checked(
      double,
      (n) => n >= 1e-9 && n <= 2147483647,
      "Number of cores to allocate for each task must be a positive value between 1E-9 and 2147483647 (inclusive).",
    ),
    "Cores that one task occupies.",
  ),
  taskMaxFailures: entry(
    "spark.task.maxFailures",
    "4",
    atLeast(integer, 1),
    "Failures of one task before its job fails; local[N] has 1, local[N,F] has F.",
  ),
  stageMaxConsecutiveAttempts: entry(
    "spark.stage.maxConsecutiveAttempts",
    "4",
    atLeast(integer, 1),
    "Fetch failures in a row after which a stage fails.",
  ),
  schedulerMode: entry(
    "spark.scheduler.mode",
    "FIFO",
    oneOf("FIFO", "FAIR", "NONE"),
    "Order of jobs that run at the same time.",
  ),
  schedulerAllocationFile: optional("spark.scheduler.allocation.file", text, "XML file with the pools of FAIR mode."),
  localityWait,
  localityWaitProcess: fallbackTo("spark.locality.wait.process", localityWait, "The same for a place in its process."),
  localityWaitNode: fallbackTo("spark.locality.wait.node", localityWait, "The same for a place on its machine."),
  localityWaitRack: fallbackTo("spark.locality.wait.rack", localityWait, "The same for a place in its rack."),
  barrierSyncTimeout: entry(
    "spark.barrier.sync.timeout",
    "365d",
    duration("s"),
    "Time that barrier() waits for all tasks.",
  ),
  taskReaperEnabled: entry(
    "spark.task.reaper.enabled",
    "false",
    flag,
    "Whether cancelled tasks are watched until they end.",
  ),
  taskReaperKillTimeout: entry(
    "spark.task.reaper.killTimeout",
    "-1ms",
    duration("ms"),
    "Time after which the thread of a cancelled task that does not end is stopped; negative: never.",
  ),

  speculation: entry("spark.speculation", "false", flag, "Whether slow tasks are started a second time."),
  speculationInterval: entry(
    "spark.speculation.interval",
    "100ms",
    duration("ms"),
    "Time between two looks for slow tasks.",
  ),
  speculationMultiplier: entry(
    "spark.speculation.multiplier",
    "3.0",
    atLeast(double, 1),
    "How many times slower than the median a task is when it counts as slow.",
  ),
  speculationQuantile: entry(
    "spark.speculation.quantile",
    "0.9",
    checked(double, (n) => n >= 0 && n <= 1, "It should be between 0 and 1."),
    "Share of a stage's tasks that are done before any counts as slow.",
  ),
  speculationMinTaskRuntime: entry(
    "spark.speculation.minTaskRuntime",
    "100ms",
    duration("ms"),
    "Time below which no task counts as slow.",
  ),
  speculationTaskDurationThreshold: optional(
    "spark.speculation.task.duration.threshold",
    duration("ms"),
    "Time after which a task of a small stage is started a second time.",
  ),

  excludeOnFailure: optional(
    "spark.excludeOnFailure.enabled",
    flag,
    "Whether executors that fail repeatedly are avoided.",
  ),
  excludeOnFailureTaskAndStage: optional(
    "spark.excludeOnFailure.taskAndStage.enabled",
    flag,
    "The same, for a task and a stage only.",
  ),
  excludeOnFailureApplication: optional(
    "spark.excludeOnFailure.application.enabled",
    flag,
    "The same, for the whole application only.",
  ),
  excludeOnFailureTimeout: optional(
    "spark.excludeOnFailure.timeout",
    checked(duration("ms"), (ms) => ms > 0, "The value of spark.excludeOnFailure.timeout must be positive"),
    "Time that an executor is avoided for; unset: one hour.",
  ),
  maxTaskAttemptsPerExecutor: entry(
    "spark.excludeOnFailure.task.maxTaskAttemptsPerExecutor",
    "1",
    atLeast(integer, 1),
    "Failures of one task on one executor before the task avoids it.",
  ),
  maxTaskAttemptsPerNode: entry(
    "spark.excludeOnFailure.task.maxTaskAttemptsPerNode",
    "2",
    atLeast(integer, 1),
    "Failures of one task on one machine before the task avoids it.",
  ),
  maxFailedTasksPerExecutorStage: entry(
    "spark.excludeOnFailure.stage.maxFailedTasksPerExecutor",
    "2",
    atLeast(integer, 1),
    "Tasks of one stage that fail on one executor before the stage avoids it.",
  ),
  maxFailedExecutorsPerNodeStage: entry(
    "spark.excludeOnFailure.stage.maxFailedExecutorsPerNode",
    "2",
    atLeast(integer, 1),
    "Executors of one machine that a stage avoids before it avoids the machine.",
  ),
  maxFailedTasksPerExecutor: entry(
    "spark.excludeOnFailure.application.maxFailedTasksPerExecutor",
    "2",
    atLeast(integer, 1),
    "Tasks that fail on one executor in successful stages before the application avoids it.",
  ),
  maxFailedExecutorsPerNode: entry(
    "spark.excludeOnFailure.application.maxFailedExecutorsPerNode",
    "2",
    atLeast(integer, 1),
    "Executors of one machine that the application avoids before it avoids the machine.",
  ),
  killExcludedExecutors: entry(
    "spark.excludeOnFailure.killExcludedExecutors",
    "false",
    flag,
    "Whether executors that the application avoids are stopped and replaced.",
  ),

  dynamicAllocation: entry(
    "spark.dynamicAllocation.enabled",
    "false",
    flag,
    "Whether executor processes come and go with the work.",
  ),
  dynamicAllocationMinExecutors: minExecutors,
  dynamicAllocationInitialExecutors: fallbackTo(
    "spark.dynamicAllocation.initialExecutors",
    minExecutors,
    "Executors at start.",
  ),
  dynamicAllocationMaxExecutors: entry(
    "spark.dynamicAllocation.maxExecutors",
    "2147483647",
    atLeast(integer, 0),
    "Most executors at any time.",
  ),
  dynamicAllocationExecutorIdleTimeout: entry(
    "spark.dynamicAllocation.executorIdleTimeout",
    "60s",
    atLeast(duration("s"), 0),
    "Time without a task after which an executor is released.",
  ),
  dynamicAllocationCachedExecutorIdleTimeout: entry(
    "spark.dynamicAllocation.cachedExecutorIdleTimeout",
    "2147483647s",
    atLeast(duration("s"), 0),
    "The same, for an executor that holds cached blocks.",
  ),
  dynamicAllocationExecutorAllocationRatio: entry(
    "spark.dynamicAllocation.executorAllocationRatio",
    "1.0",
    checked(double, (n) => n > 0 && n <= 1, "It should be in (0, 1]."),
    "Share of the executors that full parallelism would need.",
  ),
  dynamicAllocationSchedulerBacklogTimeout: backlogTimeout,
  dynamicAllocationSustainedSchedulerBacklogTimeout: fallbackTo(
    "spark.dynamicAllocation.sustainedSchedulerBacklogTimeout",
    backlogTimeout,
    "The same, between two rounds of adding.",
  ),
  dynamicAllocationShuffleTracking: entry(
    "spark.dynamicAllocation.shuffleTracking.enabled",
    "true",
    flag,
    "Whether an executor stays while shuffle output that it wrote is needed.",
  ),
} as const;
