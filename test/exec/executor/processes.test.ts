import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { captureClosure } from "../../../src/exec/closure/index.js";
import { SparkConf } from "../../../src/common/index.js";
import { Engine } from "../../../src/exec/index.js";

const conf = (): SparkConf =>
  new SparkConf().set("spark.master", "local-cluster[2,1,512]").set("spark.executorEnv.FROM_DRIVER", "yes");

const engine = new Engine(conf());
afterAll(() => engine.stop());

const run = <R>(fn: (...args: never[]) => R, tasks: number, argument: (partition: number) => unknown = () => null) => {
  const closure = captureClosure(fn);
  return engine.scheduler.runJob({ description: "test" }, (job) =>
    engine.scheduler.runStage<Awaited<R>>(job, {
      name: "call",
      task: "exec.call",
      numTasks: tasks,
      payload: (partition) => ({ closure, argument: argument(partition) }),
    }),
  );
};
const pids = async (): Promise<number[]> => {
  const found = await run(async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return process.pid;
  }, 4);
  return [...new Set(found)];
};

describe("executor processes", () => {
  it("are children with their own environment", async () => {
    const [first, ...others] = await run(() => [process.pid, process.env.FROM_DRIVER] as const, 8);
    expect(first[1]).toBe("yes");
    for (const [pid] of [first, ...others]) expect(pid).not.toBe(process.pid);
    expect(await pids()).toHaveLength(2);
  });

  it("get shared memory once, small and large, and keep views and sharing", async () => {
    for (const length of [10, 200_000]) {
      const shared = new Float64Array(new SharedArrayBuffer(8 * length));
      shared.forEach((_, i) => (shared[i] = i));
      const memory = new WebAssembly.Memory({ initial: 1, maximum: 10, shared: true });
      new Uint8Array(memory.buffer)[5] = 42;
      const part = shared.subarray(2, 5);
      const sums = await run(
        ({ shared, part, memory }: { shared: Float64Array; part: Float64Array; memory: WebAssembly.Memory }) => [
          shared.reduce((a, b) => a + b, 0),
          [...part],
          part.buffer === shared.buffer,
          new Uint8Array(memory.buffer)[5],
        ],
        3,
        () => ({ shared, part, memory }),
      );
      for (const sum of sums) expect(sum).toEqual([(length * (length - 1)) / 2, [2, 3, 4], true, 42]);
    }
  });

  it("send shared memory back", async () => {
    const [{ view, map }] = await run(() => {
      const view = new Int32Array(new SharedArrayBuffer(400_000)).fill(7);
      return { view, map: new Map([["same", view]]) };
    }, 1);
    expect(view.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(view[99_999]).toBe(7);
    expect(map.get("same")).toBe(view);
  });

  it("pass on errors of tasks, threads that die and results that cannot be sent", async () => {
    await expect(
      run(() => {
        throw new RangeError("too far");
      }, 1),
    ).rejects.toThrow(/too far/);
    await expect(run(() => ({ f: () => 1 }), 1)).rejects.toMatchObject({ condition: "UNSERIALIZABLE_RESULT" });
    await expect(run(() => process.exit(4), 1)).rejects.toThrow(/exit code 4/);
    expect(await run(() => 1, 2)).toEqual([1, 1]);
  });

  it("are replaced when they are killed, with their tasks", async () => {
    const before = await pids();
    const running = run(async () => {
      await new Promise((resolve) => setTimeout(resolve, 500));
      return process.pid;
    }, 2);
    setTimeout(() => process.kill(before[0], "SIGKILL"), 200);
    for (const pid of await running) expect(pid).not.toBe(before[0]);
    await expect.poll(pids, { timeout: 30_000, interval: 200 }).toHaveLength(2);
    const after = await pids();
    expect(after).not.toContain(before[0]);
  });
});

it("ends with its children and leaves no file", async () => {
  const own = new Engine(conf());
  const closure = captureClosure(() => process.pid);
  const [pid] = await own.scheduler.runJob({ description: "test" }, (job) =>
    own.scheduler.runStage<number>(job, {
      name: "call",
      task: "exec.call",
      numTasks: 1,
      payload: () => ({ closure, argument: new SharedArrayBuffer(2 ** 20) }),
    }),
  );
  expect(existsSync(own.blocks.spill.path)).toBe(true);
  await own.stop();
  expect(existsSync(own.blocks.spill.path)).toBe(false);
  expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
});
