import { TaskScheduler } from "../../src/exec/core/task-scheduler.js";
import { DriverWorld, type Outcome, type SchedulerUnderTest } from "./driver-world.js";
import { scenarioOf, type Scenario } from "./scenario.js";

export type Variant = (scenario: Scenario) => SchedulerUnderTest;

export const intact: Variant = (scenario) => new TaskScheduler(scenario.options);

/** Runs the schedule of a seed; throws a Violation (or whatever the scheduler throws) when something is wrong. */
export function simulate(seed: number, variant: Variant = intact, trace?: (line: string) => void): Outcome {
  const scenario = scenarioOf(seed);
  trace?.(`seed ${seed}: ${JSON.stringify(scenario, undefined, 1)}`);
  return new DriverWorld(scenario, variant(scenario), (text) => trace?.(text())).run();
}
