import { describe, expect, it } from "vitest";
import { Driven, launches, only, placed } from "./driven.js";

describe("speculation", () => {
  const speculation = { interval: 100, multiplier: 3, quantile: 0.75, minTaskRuntime: 100 };

  it("copies a slow task to another executor, takes the first result and stops the other copy", () => {
    const driven = new Driven({ speculation }).executors(2, "a", "b").job(0);
    const tasks = launches(driven.stage(0, 0, 4));
    driven.now = 100;
    for (const { attempt } of tasks.slice(0, 3)) driven.succeed(attempt);
    expect(placed(driven.pass(190))).toEqual([]);
    const [copy] = launches(driven.pass(200));
    expect(copy).toMatchObject({ partition: tasks[3].partition, speculative: true, number: 1 });
    expect(copy.executor).not.toBe(tasks[3].executor);
    const done = driven.succeed(copy.attempt);
    expect(only(done, "kill").map(({ attempt }) => attempt)).toEqual([tasks[3].attempt]);
    expect(only(done, "stageCompleted")).toHaveLength(1);
    expect(driven.succeed(tasks[3].attempt)).toEqual([]);
  });

  it("waits until the quantile is done, and copies no single task", () => {
    const driven = new Driven({ speculation }).executors(4, "a", "b").job(0);
    const tasks = launches(driven.stage(0, 0, 4));
    driven.now = 100;
    driven.succeed(tasks[0].attempt);
    driven.stage(0, 1, 1);
    expect(placed(driven.pass(60_000))).toEqual([]);
  });

  it("goes by a threshold where one is set", () => {
    const driven = new Driven({ speculation: { ...speculation, threshold: 500 } }).executors(4, "a", "b").job(0);
    driven.stage(0, 0, 1);
    expect(placed(driven.pass(400))).toEqual([]);
    expect(placed(driven.pass(300))).toEqual(["0:0@b"]);
  });
});

describe("excludeOnFailure", () => {
  const exclusion = {
    maxTaskAttemptsPerExecutor: 1,
    maxFailedTasksPerExecutorInStage: 2,
    maxFailedTasksPerExecutor: 2,
    timeout: 10_000,
    killExcluded: false,
    fetchFailure: false,
    unschedulableTimeout: 5_000,
  };

  it("does not try a task again where it failed", () => {
    const driven = new Driven({ exclusion }).executors(1, "a", "b").job(0);
    const [first, other] = launches(driven.stage(0, 0, 2));
    expect(launches(driven.fail(first.attempt))).toEqual([]);
    expect(placed(driven.succeed(other.attempt))).toEqual([`0:0@${other.executor}`]);
  });

  it("avoids an executor for the stage after two of its tasks failed there, then for the application, then no more", () => {
    const driven = new Driven({ exclusion }).executors(2, "a").executors(8, "b").job(0);
    const tasks = launches(driven.stage(0, 0, 10));
    for (const { attempt, executor } of tasks) if (executor === "a") driven.fail(attempt);
    expect(driven.all("excluded")).toEqual([{ type: "excluded", executor: "a", stage: 0 }]);
    const b = driven.all("launch").filter(({ executor }) => executor === "b");
    for (const { attempt } of b) driven.finish(driven.succeed(attempt));
    expect(driven.all("excluded").at(-1)).toEqual({ type: "excluded", executor: "a" });
    expect(placed(driven.stage(0, 1, 10)).some((place) => place.endsWith("@a"))).toBe(false);
    expect(only(driven.pass(10_001), "included")).toEqual([{ type: "included", executor: "a" }]);
  });

  it("replaces an executor that the application avoids where killExcludedExecutors is set", () => {
    const allocation = { executors: 2, coresPerExecutor: 2, maxRetries: 10 };
    const driven = new Driven({ exclusion: { ...exclusion, killExcluded: true }, allocation });
    driven.executors(2, "a", "b").job(0);
    for (const { attempt, executor } of launches(driven.stage(0, 0, 4))) if (executor === "a") driven.fail(attempt);
    for (const { attempt, executor } of driven.all("launch"))
      if (executor === "b") driven.finish(driven.succeed(attempt));
    expect(driven.all("removeExecutor").map(({ executor }) => executor)).toEqual(["a"]);
    expect(driven.all("requestExecutors").at(-1)).toEqual({ type: "requestExecutors", total: 2 });
  });

  it("replaces an idle executor when a task can run nowhere, and gives up when that does not help", () => {
    const allocation = { executors: 1, coresPerExecutor: 1, maxRetries: 10 };
    const driven = new Driven({ exclusion, allocation }).executors(1, "a").job(0);
    const [task] = launches(driven.stage(0, 0, 1));
    const stuck = driven.fail(task.attempt);
    expect(only(stuck, "removeExecutor").map(({ executor }) => executor)).toEqual(["a"]);
    expect(only(stuck, "requestExecutors")).toHaveLength(1);
    const [again] = launches(driven.send({ type: "executorAdded", executor: "b", cores: 1 }));
    expect(again.partition).toBe(0);

    const fixed = new Driven({ exclusion }).executors(1, "a").job(0);
    const end = fixed.fail(launches(fixed.stage(0, 0, 1))[0].attempt);
    expect(only(end, "stageFailed")[0].failure).toEqual({ kind: "excluded", stage: 0, partition: 0 });
  });
});

describe("dynamic allocation", () => {
  const dynamic = {
    min: 0,
    max: 5,
    initial: 1,
    ratio: 1,
    backlogTimeout: 1_000,
    sustainedBacklogTimeout: 500,
    idleTimeout: 60_000,
    cachedIdleTimeout: Infinity,
  };
  const allocation = { executors: 5, coresPerExecutor: 1, maxRetries: 10, dynamic };
  const totals = (driven: Driven): number[] => driven.all("requestExecutors").map(({ total }) => total);

  it("adds 1, 2, 4... executors while tasks wait, up to what they can use and the maximum", () => {
    const driven = new Driven({ allocation }).job(0);
    driven.stage(0, 0, 20);
    driven.executors(1, "a");
    expect(totals(driven)).toEqual([1]);
    driven.pass(999);
    expect(totals(driven)).toEqual([1]);
    driven.pass(1);
    expect(totals(driven)).toEqual([1, 2]);
    driven.pass(500);
    expect(totals(driven)).toEqual([1, 2, 4]);
    driven.pass(500);
    expect(totals(driven)).toEqual([1, 2, 4, 5]);
  });

  it("releases executors that are idle, but not with output that is kept, and later with cached blocks", () => {
    const released = (driven: Driven): string[] => driven.all("removeExecutor").map(({ executor }) => executor);
    const idle = new Driven({ allocation }).executors(1, "a").job(0);
    idle.finish(idle.stage(0, 0, 1));
    idle.pass(59_000);
    expect(released(idle)).toEqual([]);
    idle.pass(2_000);
    expect(released(idle)).toEqual(["a"]);

    const holding = new Driven({ allocation }).executors(1, "a").job(0);
    holding.finish(holding.stage(0, 0, 1, { kept: true }));
    holding.pass(600_000);
    expect(released(holding)).toEqual([]);
    holding.send({ type: "outputReleased", stage: 0 });
    holding.pass(1);
    expect(released(holding)).toEqual(["a"]);

    const cached = new Driven({ allocation }, () => true).executors(1, "a").job(0);
    cached.finish(cached.stage(0, 0, 1));
    cached.pass(600_000);
    expect(released(cached)).toEqual([]);
  });
});
