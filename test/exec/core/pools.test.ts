import { describe, expect, it } from "vitest";
import { compareShares, type Share } from "../../../src/exec/core/pools.js";
import { Driven, launches, placed } from "./driven.js";

const share = (name: string, running: number, minShare: number, weight: number): Share => ({
  name,
  running,
  minShare,
  weight,
});

describe("compareShares", () => {
  it("serves those below their minimum first, then by share of it, then by tasks and weight, then by name", () => {
    const needy = share("needy", 1, 2, 1);
    expect(compareShares(needy, share("rich", 0, 0, 1))).toBeLessThan(0);
    expect(compareShares(share("a", 1, 4, 1), share("b", 1, 2, 1))).toBeLessThan(0);
    expect(compareShares(share("a", 4, 0, 1), share("b", 2, 0, 1))).toBeGreaterThan(0);
    expect(compareShares(share("a", 4, 0, 4), share("b", 2, 0, 1))).toBeLessThan(0);
    expect(compareShares(share("a", 1, 0, 1), share("b", 1, 0, 1))).toBeLessThan(0);
  });
});

describe("FIFO", () => {
  it("serves the older job first, then the older stage, whatever pools they name", () => {
    const driven = new Driven().executors(1, "a").job(0, { pool: "x" }).job(1, { pool: "y" });
    const first = launches(driven.stage(1, 0, 3));
    driven.stage(0, 1, 2);
    driven.stage(0, 2, 1);
    const order: string[] = [];
    for (let queue = first; queue.length > 0;) {
      order.push(`${queue[0].stage}:${queue[0].partition}`);
      queue = launches(driven.succeed(queue[0].attempt));
    }
    expect(order).toEqual(["0:0", "1:0", "1:1", "2:0", "0:1", "0:2"]);
  });
});

describe("FAIR", () => {
  const pools = [
    { name: "a", mode: "FIFO", weight: 1, minShare: 0 },
    { name: "b", mode: "FIFO", weight: 3, minShare: 0 },
    { name: "c", mode: "FAIR", weight: 1, minShare: 2 },
  ] as const;

  const running = (driven: Driven): Record<string, number> =>
    Object.fromEntries(driven.core.snapshot().pools.map((pool) => [pool.name, pool.running]));

  it("shares slots by weight", () => {
    const driven = new Driven({ mode: "FAIR", pools }).executors(8, "x").job(0, { pool: "a" }).job(1, { pool: "b" });
    const held = launches(driven.stage(0, 0, 100));
    driven.stage(1, 1, 100);
    for (const { attempt } of held) driven.succeed(attempt);
    expect(running(driven)).toMatchObject({ a: 2, b: 6 });
  });

  it("gives a pool its minimum first", () => {
    const driven = new Driven({ mode: "FAIR", pools }).executors(4, "x").job(0, { pool: "b" }).job(1, { pool: "c" });
    const held = launches(driven.stage(0, 0, 100));
    driven.stage(1, 1, 100);
    driven.succeed(held[0].attempt);
    driven.succeed(held[1].attempt);
    expect(running(driven)).toMatchObject({ b: 2, c: 2 });
  });

  it("puts jobs without a pool into one called default, and unknown names into pools of weight 1", () => {
    const driven = new Driven({ mode: "FAIR", pools }).executors(4, "x").job(0).job(1, { pool: "new" });
    const held = launches(driven.stage(0, 0, 100));
    driven.stage(1, 1, 100);
    for (const { attempt } of held) driven.succeed(attempt);
    expect(running(driven)).toMatchObject({ default: 2, new: 2 });
  });

  it("takes turns between the stages of a FAIR pool", () => {
    const driven = new Driven({ mode: "FAIR", pools }).job(0, { pool: "c" }).job(1, { pool: "c" });
    driven.stage(0, 0, 9);
    driven.stage(1, 1, 9);
    const started = placed(driven.send({ type: "executorAdded", executor: "x", cores: 4 }));
    expect(started).toEqual(["0:0@x", "1:0@x", "0:1@x", "1:1@x"]);
  });
});
