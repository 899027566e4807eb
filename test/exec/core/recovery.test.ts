import { describe, expect, it } from "vitest";
import { Driven, launches, only, placed } from "./driven.js";

/** Stage 0 kept on two executors, stage 1 reads it; returns the running attempts of stage 1. */
function twoStages(options: ConstructorParameters<typeof Driven>[0] = {}) {
  const driven = new Driven(options).executors(1, "a", "b").job(0);
  driven.finish(driven.stage(0, 0, 2, { kept: true }));
  return { driven, readers: launches(driven.stage(0, 1, 2, { inputs: [0] })) };
}

describe("fetch failures", () => {
  it("runs the lost task again, then the reader, and counts no task failure", () => {
    const { driven, readers } = twoStages({ maxFailures: 1 });
    const failed = driven.fetchFail(readers[0].attempt, 0, 1);
    expect(placed(failed)).toEqual(["0:1@a"]);
    const recovered = driven.succeed(launches(failed)[0].attempt);
    expect(only(recovered, "accept")[0].first).toBe(false);
    expect(placed(recovered)).toEqual(["1:0@a"]);
  });

  it("ignores complaints about a copy that was replaced since", () => {
    const { driven, readers } = twoStages();
    const failed = driven.fetchFail(readers[0].attempt, 0, 1);
    driven.succeed(launches(failed)[0].attempt);
    const late = driven.fetchFail(readers[1].attempt, 0, 1);
    expect(launches(late).map(({ stage }) => stage)).toEqual([1]);
    expect(driven.all("stageResubmitted")).toHaveLength(1);
  });

  it("fails the stage after four in a row", () => {
    const { driven, readers } = twoStages();
    driven.succeed(readers[1].attempt);
    let reader = readers[0];
    for (let n = 1; n <= 4; n++) {
      const commands = driven.fetchFail(reader.attempt, 0, 0);
      if (n === 4) {
        expect(only(commands, "stageFailed")[0].failure).toMatchObject({ kind: "fetch", stage: 1, attempts: 4 });
        return;
      }
      reader = launches(driven.succeed(launches(commands)[0].attempt))[0];
    }
  });

  it("recovers the inputs of a lost input first", () => {
    const driven = new Driven().executors(1, "a").job(0);
    driven.finish(driven.stage(0, 0, 1, { kept: true }));
    driven.finish(driven.stage(0, 1, 1, { kept: true, inputs: [0] }));
    const [reader] = launches(driven.stage(0, 2, 1, { inputs: [1] }));
    driven.send({ type: "outputLost", stage: 0, partition: 0 });
    const order = [launches(driven.fetchFail(reader.attempt, 1, 0))[0]];
    while (order.length < 3) order.push(launches(driven.succeed(order.at(-1)!.attempt))[0]);
    expect(order.map(({ stage }) => stage)).toEqual([0, 1, 2]);
  });

  it("retries a reader of something that no stage keeps, within the same limit", () => {
    const driven = new Driven().executors(1, "a").job(0);
    let [reader] = launches(driven.stage(0, 0, 1));
    for (let n = 1; n < 4; n++) [reader] = launches(driven.fetchFail(reader.attempt, 77, 0));
    expect(only(driven.fetchFail(reader.attempt, 77, 0), "stageFailed")).toHaveLength(1);
  });
});

describe("a lost executor", () => {
  it("takes its stored output along: the stage runs those partitions again before readers go on", () => {
    const { driven, readers } = twoStages();
    const lost = driven.send({ type: "executorLost", executor: "b", counts: true, cause: "crash" });
    expect(placed(lost)).toEqual([]);
    const held = readers.find(({ executor }) => executor === "a")!;
    const recompute = driven.succeed(held.attempt);
    expect(placed(recompute)).toEqual(["0:1@a"]);
    expect(placed(driven.succeed(launches(recompute)[0].attempt))).toEqual(["1:1@a"]);
  });

  it("computes nothing again until somebody wants it", () => {
    const driven = new Driven().executors(1, "a", "b").job(0);
    driven.finish(driven.stage(0, 0, 2, { kept: true }));
    expect(launches(driven.send({ type: "executorLost", executor: "a", counts: true, cause: "crash" }))).toEqual([]);
    const wanted = driven.send({ type: "outputWanted", job: 0, stage: 0 });
    expect(placed(wanted)).toEqual(["0:0@b"]);
    expect(only(driven.succeed(launches(wanted)[0].attempt), "stageCompleted")).toHaveLength(1);
  });

  it("keeps nothing of what was released", () => {
    const { driven, readers } = twoStages();
    for (const { attempt } of readers) driven.succeed(attempt);
    driven.send({ type: "jobEnded", job: 0 });
    driven.send({ type: "outputReleased", stage: 0 });
    expect(driven.core.snapshot()).toMatchObject({ keptStages: 0, attempts: 0, activeStages: [], jobs: [] });
  });
});
