import { describe, expect, it } from "vitest";
import { Driven, launches, only, placed } from "./driven.js";

describe("launching", () => {
  it("fills slots, respects the cpus of a task, and goes on as slots become free", () => {
    const driven = new Driven().executors(4, "a").job(0);
    const first = launches(driven.stage(0, 0, 5, { cpus: 2 }));
    expect(first.map(({ partition }) => partition)).toEqual([0, 1]);
    expect(launches(driven.succeed(first[0].attempt)).map(({ partition }) => partition)).toEqual([2]);
  });

  it("takes fractions of a core", () => {
    const driven = new Driven({ taskCpus: 0.1 }).executors(1, "a").job(0);
    expect(launches(driven.stage(0, 0, 30))).toHaveLength(10);
  });

  it("spreads over executors, the one with most free slots first", () => {
    const driven = new Driven().executors(2, "a", "b").job(0);
    expect(placed(driven.stage(0, 0, 3))).toEqual(["0:0@a", "0:1@b", "0:2@a"]);
  });

  it("completes stages without tasks at once, and runs only the partitions asked for", () => {
    const driven = new Driven().executors(4, "a").job(0);
    expect(only(driven.stage(0, 0, 0), "stageCompleted")).toHaveLength(1);
    expect(placed(driven.stage(0, 1, 9, { partitions: [7, 2] }))).toEqual(["1:7@a", "1:2@a"]);
  });

  it("decides 10,000 tasks in well under a second", () => {
    const driven = new Driven().executors(2, "a").job(0);
    const begin = performance.now();
    driven.finish(driven.stage(0, 0, 10_000));
    expect(performance.now() - begin).toBeLessThan(1_000);
    expect(driven.all("accept")).toHaveLength(10_000);
    expect(driven.all("stageCompleted")).toHaveLength(1);
  });
});

describe("locality", () => {
  const preferred = (partition: number): string[] => [partition === 0 ? "a" : "b"];

  it("waits for the preferred executor, then goes anywhere", () => {
    const driven = new Driven({ localityWait: 3_000 }).executors(1, "a", "b").job(0);
    driven.stage(0, 0, 1, { preferred: () => ["b"] });
    const waiting = driven.stage(0, 1, 2, { preferred: () => ["b"] });
    expect(placed(waiting)).toEqual([]);
    expect(placed(driven.pass(2_999))).toEqual([]);
    expect(placed(driven.pass(2))).toEqual(["1:0@a"]);
  });

  it("puts tasks where they prefer to be, and waits for no executor that is not there", () => {
    const driven = new Driven().executors(1, "a", "b").job(0);
    expect(placed(driven.stage(0, 0, 2, { preferred })).sort()).toEqual(["0:0@a", "0:1@b"]);
    const other = new Driven().executors(1, "a").job(0);
    expect(placed(other.stage(0, 0, 1, { preferred: () => ["gone"] }))).toEqual(["0:0@a"]);
  });

  it("frees tasks of their preference when the executor dies", () => {
    const driven = new Driven().executors(1, "a", "b").job(0);
    driven.stage(0, 0, 1, { preferred: () => ["b"] });
    driven.stage(0, 1, 1, { preferred: () => ["b"] });
    const after = driven.send({ type: "executorLost", executor: "b", counts: true, cause: "crash" });
    expect(placed(after)).toHaveLength(1);
  });
});

describe("failures", () => {
  it("tries a task again until it has failed maxFailures times", () => {
    const driven = new Driven({ maxFailures: 3 }).executors(1, "a").job(0);
    let next = launches(driven.stage(0, 0, 1));
    for (let n = 0; n < 2; n++) {
      expect(next[0].number).toBe(n);
      next = launches(driven.fail(next[0].attempt));
    }
    const end = driven.fail(next[0].attempt);
    expect(only(end, "stageFailed")[0].failure).toMatchObject({ kind: "task", partition: 0, failures: 3 });
  });

  it("does not retry thrown errors where maxFailures is 1, but lost workers", () => {
    const driven = new Driven({ maxFailures: 1, maxLosses: 4 }).executors(2, "a").job(0);
    const [attempt] = launches(driven.stage(0, 0, 1));
    const again = driven.send({
      type: "attemptFailed",
      attempt: attempt.attempt,
      failure: { kind: "lost", cause: "worker" },
    });
    expect(launches(again)).toHaveLength(1);
    expect(only(driven.fail(launches(again)[0].attempt), "stageFailed")).toHaveLength(1);
  });

  it("reports a failed stage only when its other tasks have ended", () => {
    const driven = new Driven({ maxFailures: 1 }).executors(2, "a").job(0);
    const [a, b] = launches(driven.stage(0, 0, 2));
    const first = driven.fail(a.attempt);
    expect(only(first, "kill").map(({ attempt }) => attempt)).toEqual([b.attempt]);
    expect(only(first, "stageFailed")).toEqual([]);
    expect(only(driven.fail(b.attempt), "stageFailed")).toHaveLength(1);
  });

  it("counts the loss of an executor against its tasks unless it was taken away", () => {
    for (const counts of [true, false]) {
      const driven = new Driven({ maxFailures: 2, maxLosses: 2 }).job(0);
      driven.stage(0, 0, 1);
      for (const executor of ["a", "b", "c"]) {
        driven.executors(1, executor);
        driven.send({ type: "executorLost", executor, counts, cause: "gone" });
      }
      expect(driven.all("stageFailed")).toHaveLength(counts ? 1 : 0);
    }
  });

  it("ignores the dead, the late and the double", () => {
    const driven = new Driven().executors(1, "a").job(0);
    const [lost] = launches(driven.stage(0, 0, 1));
    driven.send({ type: "executorLost", executor: "a", counts: true, cause: "crash" });
    expect(driven.succeed(lost.attempt)).toEqual([]);
    expect(driven.send({ type: "executorLost", executor: "a", counts: true, cause: "crash" })).toEqual([]);
    const [again] = launches(driven.send({ type: "executorAdded", executor: "b", cores: 1 }));
    expect(only(driven.succeed(again.attempt), "accept")).toHaveLength(1);
    expect(driven.succeed(again.attempt)).toEqual([]);
  });

  it("gives up when executors are lost in a row and none is left", () => {
    const allocation = { executors: 1, coresPerExecutor: 1, maxRetries: 3 };
    const driven = new Driven({ allocation, maxLosses: 99, maxFailures: 99 }).job(0);
    driven.stage(0, 0, 1);
    for (const executor of ["a", "b", "c"]) {
      driven.executors(1, executor);
      driven.send({ type: "executorLost", executor, counts: true, cause: "crash" });
    }
    expect(driven.all("stageFailed")).toEqual([]);
    const end = driven.send({ type: "executorFailed", cause: "cannot start" });
    expect(only(end, "stageFailed")[0].failure).toMatchObject({ kind: "noExecutors", lost: 4 });
  });

  it("misses an executor that sends no heartbeats", () => {
    const allocation = { executors: 2, coresPerExecutor: 1, maxRetries: 3 };
    const driven = new Driven({ allocation, heartbeatTimeout: 1_000 }).executors(1, "a", "b").job(0);
    driven.stage(0, 0, 2);
    driven.pass(800);
    driven.send({ type: "heartbeat", executor: "b" });
    const later = driven.pass(500);
    expect(only(later, "removeExecutor").map(({ executor }) => executor)).toEqual(["a"]);
    expect(only(later, "requestExecutors")).toEqual([{ type: "requestExecutors", total: 2 }]);
  });

  it("finds out by heartbeats that a result was lost", () => {
    const driven = new Driven({ heartbeatTimeout: 60_000 }).executors(1, "a").job(0);
    const [first] = launches(driven.stage(0, 0, 1));
    const again = [1, 2, 3].flatMap(() => {
      driven.now += 1_000;
      return driven.send({ type: "heartbeat", executor: "a", running: [] });
    });
    expect(only(again, "abandon").map(({ attempt }) => attempt)).toEqual([first.attempt]);
    expect(launches(again)).toHaveLength(1);
  });
});

describe("cancellation", () => {
  it("cancels by job, group, tag, stage and all", () => {
    const cancels = [
      { type: "cancelJob", job: 1, reason: "r" },
      { type: "cancelGroup", group: "g1", reason: "r" },
      { type: "cancelTag", tag: "t1", reason: "r" },
      { type: "cancelStage", stage: 1, reason: "r" },
    ] as const;
    for (const event of cancels) {
      const driven = new Driven().executors(2, "a");
      for (const job of [0, 1]) driven.job(job, { group: `g${job}`, tags: [`t${job}`] }).stage(job, job, 1);
      driven.send(event);
      expect(driven.all("kill").map(({ attempt }) => attempt)).toEqual([1]);
      driven.fail(1);
      expect(driven.all("stageFailed")).toEqual([
        { type: "stageFailed", stage: 1, failure: { kind: "cancelled", reason: "r" } },
      ]);
      driven.succeed(0);
      expect(driven.all("stageCompleted")).toHaveLength(1);
    }
    const driven = new Driven().executors(2, "a").job(0).job(1);
    driven.stage(0, 0, 1);
    driven.stage(1, 1, 1);
    driven.send({ type: "cancelAll", reason: "r" });
    expect(driven.all("jobCancelled").map(({ job }) => job)).toEqual([0, 1]);
  });

  it("leaves a kept stage running that another job waits for", () => {
    const driven = new Driven().executors(1, "a").job(0).job(1);
    const [attempt] = launches(driven.stage(0, 0, 1, { kept: true }));
    driven.stage(1, 1, 1, { inputs: [0] });
    driven.send({ type: "cancelJob", job: 0, reason: "r" });
    expect(driven.all("stageAbandoned").map(({ stage }) => stage)).toEqual([0]);
    expect(driven.all("kill")).toEqual([]);
    expect(placed(driven.succeed(attempt.attempt))).toEqual(["1:0@a"]);
  });
});
