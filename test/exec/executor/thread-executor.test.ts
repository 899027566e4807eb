import { afterAll, describe, expect, it } from "vitest";
import { captureClosure } from "../../../src/exec/closure/index.js";
import { deserializeError, SparkConf } from "../../../src/common/index.js";
import { localExecutor } from "../../../src/exec/executor/local-executor.js";
import type { TaskMessage, TaskReply } from "../../../src/exec/index.js";

let attempts = 0;
const call = (fn: (...args: never[]) => unknown, argument?: unknown): TaskMessage => ({
  task: "exec.call",
  payload: { closure: captureClosure(fn), argument },
  stageId: 7,
  partitionId: 3,
  numPartitions: 4,
  attempt: 0,
  taskAttemptId: attempts++,
  cancelled: new SharedArrayBuffer(4),
});
const result = (reply: TaskReply): unknown => {
  if ("error" in reply) throw deserializeError(reply.error);
  return reply.result;
};

const conf = new SparkConf().set("spark.task.reaper.killTimeout", "200ms").set("spark.executor.memoryOverhead", "700m");
const executor = localExecutor(conf, { id: "driver", cores: 2, memory: 2 ** 28 });
afterAll(() => executor.stop());
const works = async (): Promise<void> => {
  const replies = await Promise.all([1, 2, 3, 4, 5].map((x) => executor.run(call((n: number) => n * 2, x))));
  expect(replies.map(result)).toEqual([2, 4, 6, 8, 10]);
  expect(executor.heapUsed).toBe(0);
};

describe("worker threads survive a task that", () => {
  it("throws", async () => {
    const reply = await executor.run(
      call(() => {
        throw new RangeError("too far");
      }),
    );
    expect(() => result(reply)).toThrow(/too far/);
    await works();
  });

  it("exits", async () => {
    const message = call(() => process.exit(3));
    await expect(executor.run(message)).rejects.toMatchObject({
      condition: "WORKER_LOST",
      message: expect.stringContaining("partition 3 of stage 7 (attempt 0) ended with exit code 3"),
    });
    await works();
  });

  it("fills its JavaScript heap", async () => {
    const message = call(() => {
      const all: unknown[] = [];
      for (;;) all.push({ a: all.length, b: [all.length] });
    });
    await expect(executor.run(message)).rejects.toMatchObject({ condition: "OUT_OF_MEMORY" });
    await works();
  });

  it("allocates typed arrays without end", async () => {
    const message = call(() => {
      const all: Uint8Array[] = [];
      for (;;) all.push(new Uint8Array(2 ** 24).fill(1));
    });
    const bystander = executor.run(
      call(async () => {
        await new Promise((resolve) => setTimeout(resolve, 1500));
        return "unharmed";
      }),
    );
    await expect(executor.run(message)).rejects.toMatchObject({
      condition: "OUT_OF_MEMORY",
      message: expect.stringContaining("spark.executor.memory"),
    });
    expect(result(await bystander)).toBe("unharmed");
    await works();
  });

  it("returns what cannot be sent", async () => {
    const reply = await executor.run(call(() => ({ socket: () => 1 })));
    expect(() => result(reply)).toThrow(/UNSERIALIZABLE_RESULT.*partition 3 of stage 7.*could not be cloned/s);
    await works();
  });

  it("cannot be sent itself", async () => {
    const message = { ...call(() => 1), payload: { closure: () => 1 } };
    const reply = await executor.run(message);
    expect(() => result(reply)).toThrow(/UNSERIALIZABLE_TASK.*could not be cloned/s);
    await works();
  });
});

describe("cancelling", () => {
  it("ends a task that looks at its flag, and keeps the thread", async () => {
    const message = call(async (_: unknown, context: { checkCancelled(): void }) => {
      for (;;) {
        context.checkCancelled();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    const running = executor.run(message);
    setTimeout(() => executor.cancel(message.taskAttemptId), 50);
    const reply = await running;
    expect(() => result(reply)).toThrow(/cancelled/);
    await works();
  });

  it("stops the thread of one that does not", async () => {
    const message = call(() => {
      for (;;);
    });
    const running = executor.run(message);
    setTimeout(() => executor.cancel(message.taskAttemptId), 50);
    await expect(running).rejects.toMatchObject({
      condition: "WORKER_LOST",
      message: expect.stringContaining("did not end within 200 ms"),
    });
    await works();
  });

  it("takes one that waits out of the queue", async () => {
    const slow = [1, 2].map(() => executor.run(call(() => new Promise((resolve) => setTimeout(resolve, 100)))));
    const waiting = call(() => 1);
    const queued = executor.run(waiting);
    executor.cancel(waiting.taskAttemptId);
    const reply = await queued;
    expect(() => result(reply)).toThrow(/cancelled/);
    await Promise.all(slow);
  });
});
