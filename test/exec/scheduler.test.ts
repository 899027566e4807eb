import { describe, expect, it } from "vitest";
import {
  EventBus,
  ExecutorLostException,
  FetchFailedException,
  parseMaster,
  serializeError,
  SparkConf,
  type SparkEvent,
  SparkException,
} from "../../src/common/index.js";
import {
  type Job,
  Scheduler,
  schedulerOptions,
  type Stage,
  type TaskExecutor,
  type TaskMessage,
  type TaskReply,
} from "../../src/exec/index.js";

type Handler = (message: TaskMessage, executor: string) => unknown;

/** An executor whose tasks are functions of the test; it answers like a real one. */
class ScriptedExecutor implements TaskExecutor {
  readonly cancelled: number[] = [];
  private readonly open = new Set<(error: Error) => void>();

  constructor(
    readonly id: string,
    readonly cores: number,
    private readonly handler: Handler,
  ) {}

  async run(message: TaskMessage): Promise<TaskReply> {
    return new Promise((resolve, reject) => {
      this.open.add(reject);
      void (async () => {
        try {
          const result = await this.handler(message, this.id);
          resolve(isReply(result) ? result : { result });
        } catch (error) {
          if (error instanceof ExecutorLostException) reject(error);
          else resolve({ error: serializeError(error) });
        } finally {
          this.open.delete(reject);
        }
      })();
    });
  }
  cancel(id: number): void {
    this.cancelled.push(id);
  }
  /** Dies with what it runs. */
  die(scheduler: Scheduler): void {
    const cause = new ExecutorLostException("killed", { condition: "EXECUTOR_LOST" });
    scheduler.executorLost(this.id, cause);
    for (const reject of this.open) reject(cause);
  }
}
const isReply = (value: unknown): value is TaskReply =>
  typeof value === "object" && value !== null && ("updates" in value || "cached" in value);

function scheduling(handler: Handler, settings: Record<string, string> = {}, executors = 1, cores = 2) {
  const conf = new SparkConf().setAll(Object.entries(settings));
  const master = conf.get("spark.master", "local[2,4]")!;
  const bus = new EventBus();
  const events: SparkEvent[] = [];
  bus.on((event) => events.push(event));
  const scheduler = new Scheduler(schedulerOptions(conf, parseMaster(master)), bus);
  const all = Array.from({ length: executors }, (_, i) => new ScriptedExecutor(String(i), cores, handler));
  for (const executor of all) scheduler.executorAdded(executor);
  const job = <T>(body: (job: Job) => Promise<T>, options = {}): Promise<T> =>
    scheduler.runJob({ description: "test", ...options }, body);
  return { scheduler, executors: all, events, job };
}

const stage = (numTasks: number, rest: Partial<Stage> = {}): Stage => ({
  name: "numbers",
  task: "test",
  numTasks,
  payload: (partition) => partition,
  ...rest,
});
const later = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
/** Ends with an error when the task's flag is raised. */
async function untilCancelled(message: TaskMessage): Promise<never> {
  while (Atomics.load(new Int32Array(message.cancelled), 0) === 0) await later(1);
  throw new SparkException("The task was cancelled.", { condition: "SPARK_JOB_CANCELLED" });
}

describe("runStage", () => {
  it("returns the results in the order of the partitions and reports each once", async () => {
    const seen: [number, number][] = [];
    const { scheduler, job, events } = scheduling(async ({ payload }) => {
      await later(payload === 0 ? 20 : 1);
      return (payload as number) * 10;
    });
    const results = await job((running) =>
      scheduler.runStage<number>(running, stage(3), (partition, result) => seen.push([partition, result])),
    );
    expect(results).toEqual([0, 10, 20]);
    expect(seen.sort()).toEqual([
      [0, 0],
      [1, 10],
      [2, 20],
    ]);
    expect(await job((running) => scheduler.runStage(running, stage(9, { partitions: [7, 3] })))).toEqual([70, 30]);
    expect(await job((running) => scheduler.runStage(running, stage(0)))).toEqual([]);
    const types = events.map((event) => event.type);
    expect(types.slice(0, 3)).toEqual(["executorAdded", "jobStart", "stageSubmitted"]);
    expect(types.filter((type) => type === "taskEnd")).toHaveLength(5);
  });

  it("wraps what a user's function threw, with stage, partition and the user's stack", async () => {
    const { scheduler, job } = scheduling(({ payload }) => {
      if (payload === 2) throw new TypeError("poisoned record 17");
      return 0;
    });
    const error = await job((running) => scheduler.runStage(running, stage(3))).catch((e: unknown) => e as Error);
    expect(error).toBeInstanceOf(SparkException);
    expect((error as Error).message).toMatch(
      /Task 2 in stage 0 \("numbers"\) failed 4 times.*TypeError: poisoned record 17/,
    );
    expect(((error as Error).cause as Error).stack).toContain("scheduler.test.ts");
  });

  it("passes Spark's own errors as they are, and does not retry on local[N]", async () => {
    let attempts = 0;
    const handler: Handler = () => {
      attempts++;
      throw new SparkException("Division by zero.", { condition: "DIVIDE_BY_ZERO" });
    };
    const { scheduler, job } = scheduling(handler, { "spark.master": "local[2]" });
    await expect(job((running) => scheduler.runStage(running, stage(1)))).rejects.toMatchObject({
      condition: "DIVIDE_BY_ZERO",
    });
    expect(attempts).toBe(1);
  });

  it("runs a task again whose worker died, on local[N] too", async () => {
    let attempts = 0;
    const handler: Handler = () => {
      if (++attempts < 3) throw new ExecutorLostException("exit", { condition: "WORKER_LOST" });
      return "done";
    };
    const { scheduler, job } = scheduling(handler, { "spark.master": "local[2]" });
    expect(await job((running) => scheduler.runStage(running, stage(1)))).toEqual(["done"]);
  });

  it("fails at once when no attempt can do better: payload or result cannot be sent", async () => {
    let attempts = 0;
    const { scheduler, job } = scheduling(() => {
      attempts++;
      throw new SparkException("The result cannot be sent.", { condition: "UNSERIALIZABLE_RESULT" });
    });
    await expect(job((running) => scheduler.runStage(running, stage(1)))).rejects.toMatchObject({
      condition: "UNSERIALIZABLE_RESULT",
    });
    expect(attempts).toBe(1);
    const payload = (): never => {
      throw new SparkException("The output was released.");
    };
    await expect(job((running) => scheduler.runStage(running, stage(1, { payload })))).rejects.toThrow("was released");
  });

  it("runs jobs of concurrent promises together", async () => {
    let running = 0;
    let most = 0;
    const { scheduler, job } = scheduling(async () => {
      most = Math.max(most, ++running);
      await later(5);
      running--;
    });
    await Promise.all([1, 2].map(() => job((own) => scheduler.runStage(own, stage(1)))));
    expect(most).toBe(2);
  });
});

describe("accumulators and cached partitions", () => {
  it("count once a partition, whatever fails, is copied or is computed again", async () => {
    const { scheduler, job, executors } = scheduling(
      ({ partitionId, attempt }) => {
        if (attempt === 0 && partitionId === 1) throw new Error("first try");
        return { result: partitionId, updates: [{ id: 5, update: 1 }] };
      },
      {},
      2,
    );
    const counted: number[] = [];
    scheduler.hooks.onUpdates = (_updates, { partition }) => counted.push(partition);
    await job(async (running) => {
      const kept = await scheduler.runKept<number>(running, stage(4));
      executors[1].die(scheduler);
      expect(kept.results().filter((_, p) => kept.executor(p) === undefined).length).toBeGreaterThan(0);
      await scheduler.restore(running, kept);
      expect(kept.results()).toEqual([0, 1, 2, 3]);
      expect([0, 1, 2, 3].map((p) => kept.executor(p))).toEqual(["0", "0", "0", "0"]);
      kept.release();
      expect(() => kept.result(0)).toThrow("was released");
    });
    expect(counted.sort()).toEqual([0, 1, 2, 3]);
    expect(scheduler.snapshot()).toMatchObject({ keptStages: 0, attempts: 0, jobs: [], activeStages: [] });
  });

  it("registers cached partitions of the attempt that counts, and hands over the others", async () => {
    const settings = {
      "spark.speculation": "true",
      "spark.speculation.quantile": "0.5",
      "spark.speculation.interval": "10ms",
    };
    const { scheduler, job } = scheduling(
      async ({ partitionId, attempt }) => {
        await later(partitionId === 0 && attempt === 0 ? 500 : 5);
        return { result: attempt, cached: [{ id: `rdd_1_${partitionId}`, blocks: [], level: {} as never }] };
      },
      settings,
      2,
    );
    const cached: string[] = [];
    const discarded: string[] = [];
    scheduler.hooks.onCached = (_executor, partitions) => cached.push(...partitions.map(({ id }) => id));
    scheduler.hooks.onDiscarded = (_executor, reply) => discarded.push(...(reply.cached ?? []).map(({ id }) => id));
    expect(await job((running) => scheduler.runStage(running, stage(4)))).toEqual([1, 0, 0, 0]);
    expect(cached.sort()).toEqual(["rdd_1_0", "rdd_1_1", "rdd_1_2", "rdd_1_3"]);
    await later(700);
    expect(discarded).toEqual(["rdd_1_0"]);
  });
});

describe("recovery", () => {
  it("runs the task again whose output a reader could not read, with fresh payloads", async () => {
    let made = 0;
    const handler: Handler = ({ task, payload, attempt }) => {
      if (task === "make") return `block ${made++}`;
      if (attempt === 0)
        throw new FetchFailedException("gone", { parameters: { stageId: "0", partition: "1", path: "/x" } });
      return payload;
    };
    const { scheduler, job, events } = scheduling(handler, { "spark.master": "local[2]" });
    const failures: unknown[] = [];
    scheduler.hooks.onFetchFailed = (failure) => failures.push(failure);
    const read = await job(async (running) => {
      const kept = await scheduler.runKept<string>(running, stage(2, { task: "make" }));
      return scheduler.runStage(running, stage(1, { inputs: [kept], payload: () => kept.results().join() }));
    });
    expect(read).toEqual(["block 0,block 2"]);
    expect(failures).toEqual([{ stageId: 0, partition: 1, path: "/x" }]);
    expect(events.filter(({ type }) => type === "stageResubmitted")).toHaveLength(1);
  });

  it("survives the loss of an executor in the middle of a stage", async () => {
    const handler: Handler = async ({ partitionId }, executor) => {
      await later(executor === "1" ? 50 : 2);
      return `${partitionId}@${executor}`;
    };
    const { scheduler, job, executors, events } = scheduling(handler, {}, 2, 1);
    const results = job((running) => scheduler.runStage<string>(running, stage(4)));
    await later(10);
    executors[1].die(scheduler);
    expect(await results).toEqual(["0@0", "1@0", "2@0", "3@0"]);
    expect(events.filter(({ type }) => type === "executorRemoved")).toHaveLength(1);
  });
});

describe("cancellation", () => {
  const started = (events: SparkEvent[]): number => events.filter(({ type }) => type === "taskStart").length;

  it.each([
    ["a job", (s: Scheduler) => s.cancelJob(0, "enough"), "Job 0 cancelled enough"],
    ["a group", (s: Scheduler) => s.cancelJobGroup("g"), "Job 0 cancelled part of cancelled job group g"],
    ["a tag", (s: Scheduler) => s.cancelTag("t"), "Job 0 cancelled part of cancelled job tags t"],
    ["a stage", (s: Scheduler) => s.cancelStage(0), "Job 0 cancelled because Stage 0 was cancelled"],
    ["everything", (s: Scheduler) => s.cancelAll(), "Job 0 cancelled as part of cancellation of all jobs"],
  ])("ends %s with Spark's error once its tasks have ended", async (_what, cancel, message) => {
    const { scheduler, job, events, executors } = scheduling(untilCancelled);
    const running = job((own) => scheduler.runStage(own, stage(5)), { group: "g", tags: ["t"] });
    await later(5);
    cancel(scheduler);
    await expect(running).rejects.toMatchObject({ condition: "SPARK_JOB_CANCELLED" });
    await expect(running).rejects.toThrow(message);
    expect(started(events)).toBe(2);
    expect(executors[0].cancelled).toHaveLength(2);
    expect(scheduler.snapshot()).toMatchObject({ attempts: 0, jobs: [] });
  });

  it("ends with the reason of an AbortSignal, and tells the body", async () => {
    const { scheduler, job } = scheduling(untilCancelled);
    const abort = new AbortController();
    let told: unknown;
    const running = job(
      (own) => {
        own.signal.addEventListener("abort", () => (told = own.signal.reason));
        return scheduler.runStage(own, stage(1));
      },
      { signal: abort.signal },
    );
    await later(2);
    const reason = new Error("user pressed Ctrl-C");
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(told).toBe(reason);
    await expect(job(async () => 0, { signal: abort.signal })).rejects.toBe(reason);
  });

  it("cancels the future jobs of a group when asked to", async () => {
    const { scheduler, job } = scheduling(() => 1);
    scheduler.cancelJobGroup("g", { future: true });
    await expect(job(async () => 0, { group: "g" })).rejects.toMatchObject({ condition: "SPARK_JOB_CANCELLED" });
    expect(await job(async () => 0, { group: "h" })).toBe(0);
  });

  it("does not touch jobs of other groups", async () => {
    const { scheduler, job } = scheduling(async () => later(20));
    const running = job((own) => scheduler.runStage(own, stage(1)), { group: "a" });
    scheduler.cancelJobGroup("b");
    await expect(running).resolves.toHaveLength(1);
  });
});

describe("excludeOnFailure", () => {
  it("moves tasks away from an executor on which they fail", async () => {
    const { scheduler, job, events } = scheduling(
      ({ partitionId }, executor) => {
        if (executor === "0") throw new Error("bad disk");
        return partitionId;
      },
      { "spark.excludeOnFailure.enabled": "true" },
      2,
    );
    expect(await job((running) => scheduler.runStage(running, stage(6)))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(events.some((event) => event.type === "executorExcluded" && event.executor === "0")).toBe(true);
  });
});

describe("local properties of the context", () => {
  it("give group, pool and description to jobs that name none themselves", async () => {
    const { scheduler, job, events } = scheduling(() => 1);
    scheduler.hooks.jobDefaults = (action) => ({ description: `mine: ${action}`, group: "g", pool: "p" });
    await job(async () => 0);
    await job(async () => 0, { group: "own" });
    expect(events.filter(({ type }) => type === "jobStart")).toMatchObject([
      { description: "mine: test", group: "g", pool: "p" },
      { description: "mine: test", group: "own", pool: "p" },
    ]);
  });
});
