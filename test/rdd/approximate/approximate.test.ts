import { expect, it } from "vitest";
import { testContext } from "../test-context.js";

const sc = testContext();
const hundred = sc.parallelize(
  Array.from({ length: 100 }, (_, i) => i + 1),
  4,
);

it("answers are exact when every partition is in time", async () => {
  const sum = await hundred.sumApprox(30_000);
  expect([sum.mean, sum.confidence, sum.low, sum.high]).toEqual([5050, 1, 5050, 5050]);
  expect((await hundred.meanApprox(30_000)).mean).toBe(50.5);
  expect(await hundred.countApprox(30_000)).toBe(100);
});

it("answers are estimates when some partitions are late", async () => {
  const late = hundred.mapPartitionsWithIndex((partition, elements) => {
    if (partition > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
    return elements;
  });
  const started = Date.now();
  const mean = await late.meanApprox(600);
  expect(Date.now() - started).toBeLessThan(1_900);
  expect(mean.confidence).toBe(0.95);
  expect(mean.low).toBeLessThan(mean.mean);
  expect(Number(mean)).toBe(13);
});

it("a failure before the timeout is thrown", async () => {
  const failing = hundred.map((x): number => {
    if (x === 50) throw new Error("fifty");
    return x;
  });
  await expect(failing.sumApprox(30_000)).rejects.toThrow(/fifty/);
});

it("confidence is a probability", async () => {
  await expect(hundred.sumApprox(10, 1.5)).rejects.toThrow(/confidence \(1.5\) must be in \[0,1\]/);
});
