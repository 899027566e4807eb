import { describe, expect, it } from "vitest";
import { brokenBlockDirectories } from "./broken-block-directories.js";
import { simulateBlocks } from "./block-world.js";
import { brokenSchedulers } from "./broken-schedulers.js";
import { simulate } from "./simulate.js";
import { Violation } from "./violation.js";

const SCHEDULES = 20_000;
/** A broken variant has to be found within so many schedules. */
const PATIENCE = 3_000;

function firstViolation(run: (seed: number) => unknown): unknown {
  for (let seed = 0; seed < PATIENCE; seed++) {
    try {
      run(seed);
    } catch (error) {
      return error;
    }
  }
  return undefined;
}

const replayed = (seed: number, run: () => unknown): void => {
  try {
    run();
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).message} (replay: npm run simulate -- --seed ${seed})`, {
      cause: error,
    });
  }
};

describe("simulation of the scheduler", () => {
  it(`keeps every promise in ${SCHEDULES} random schedules`, { timeout: 120_000 }, () => {
    let succeeded = 0;
    let failed = 0;
    for (let seed = 0; seed < SCHEDULES; seed++) {
      replayed(seed, () => {
        const outcome = simulate(seed);
        succeeded += outcome.succeeded;
        failed += outcome.failed;
      });
    }
    // Schedules in which everything fails, or nothing, would test little.
    expect(succeeded).toBeGreaterThan(SCHEDULES);
    expect(failed).toBeGreaterThan(SCHEDULES / 10);
  });

  it("runs a seed the same way every time", () => {
    for (let seed = 0; seed < 20; seed++) {
      const lines = [0, 1].map(() => {
        const trace: string[] = [];
        simulate(seed, undefined, (line) => trace.push(line));
        return trace.join("\n");
      });
      expect(lines[0]).toBe(lines[1]);
    }
  });

  it.each(Object.entries(brokenSchedulers))("finds a scheduler that %s", (_name, variant) => {
    expect(firstViolation((seed) => simulate(seed, variant))).toBeInstanceOf(Violation);
  });
});

describe("simulation of the block directory", () => {
  it(`keeps every promise in ${SCHEDULES} random schedules`, { timeout: 120_000 }, () => {
    let evicted = 0;
    for (let seed = 0; seed < SCHEDULES; seed++) replayed(seed, () => (evicted += simulateBlocks(seed).evicted));
    expect(evicted).toBeGreaterThan(SCHEDULES);
  });

  it.each(Object.entries(brokenBlockDirectories))("finds a directory that %s", (_name, variant) => {
    expect(firstViolation((seed) => simulateBlocks(seed, variant))).toBeInstanceOf(Violation);
  });
});
