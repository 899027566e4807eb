import { parseMaster, SparkConf } from "../../src/common/index.js";
import { TaskScheduler } from "../../src/exec/core/task-scheduler.js";
import { captureClosure } from "../../src/exec/closure/index.js";
import { Engine, schedulerOptions, type Stage } from "../../src/exec/index.js";

/**
 * What scheduling costs, without work in the tasks: `tsx bench/exec/scheduler.bench.ts [master]`.
 * Targets: 100 µs of driver time a task, 1.5 ms for a job of 2 tasks, 1 s for 10,000 tasks.
 */
const master = process.argv[2] ?? "local[2]";
const TASKS = 10_000;
const JOBS = 1_000;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Microseconds that the state machine alone takes for one task. */
function decisions(): number {
  const core = new TaskScheduler(schedulerOptions(new SparkConf(), parseMaster("local[2]")));
  core.handle({ type: "executorAdded", executor: "driver", cores: 2 }, 0);
  core.handle({ type: "jobStarted", job: 0 }, 0);
  const rounds = Array.from({ length: 9 }, (_, stage) => {
    const begin = performance.now();
    const submitted = { type: "stageSubmitted", job: 0, stage, numTasks: TASKS, inputs: [], kept: false } as const;
    const queue = core.handle(submitted, 0);
    for (let i = 0; i < queue.length; i++) {
      const command = queue[i];
      if (command.type === "launch")
        queue.push(...core.handle({ type: "attemptSucceeded", attempt: command.attempt }, 0));
    }
    return performance.now() - begin;
  });
  return (median(rounds) / TASKS) * 1000;
}

const engine = new Engine(new SparkConf().set("spark.master", master).set("spark.ui.showConsoleProgress", "false"));
const closure = captureClosure(() => undefined);
const empty = (numTasks: number): Stage => ({
  name: "empty",
  task: "exec.call",
  numTasks,
  payload: () => ({ closure }),
});
const job = (numTasks: number): Promise<unknown> =>
  engine.scheduler.runJob({ description: "empty" }, (running) => engine.scheduler.runStage(running, empty(numTasks)));

await job(1_000);
const small: number[] = [];
for (let i = 0; i < JOBS; i++) {
  const begin = performance.now();
  await job(2);
  small.push(performance.now() - begin);
}
const before = performance.eventLoopUtilization();
const begin = performance.now();
await job(TASKS);
const elapsed = performance.now() - begin;
const { active } = performance.eventLoopUtilization(before);
await engine.stop();

console.log(`decisions of the state machine: ${decisions().toFixed(2)} µs a task`);
console.log(`driver time of an empty task: ${((active / TASKS) * 1000).toFixed(1)} µs (${master})`);
console.log(`job of 2 tasks: ${median(small).toFixed(3)} ms, median of ${JOBS}`);
console.log(`${TASKS} tasks: ${elapsed.toFixed(0)} ms`);
