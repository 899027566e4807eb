import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import { SparkSession } from "kindling";
import { canMount, diskFull, faults as portable, noSabotage, type Fault, type Mode } from "./faults.js";
import { holdings, leftBehind } from "./leaks.js";
import { Draws } from "./random.js";
import { workloads, type Workload } from "./workloads.js";

/** Runs workloads under faults with fixed seeds: every result equals the undisturbed one or is the user's own error, and nothing is left. */

const command = new Command()
  .option("--runs <n>", "number of runs", "200")
  .option("--seed <n>", "first seed", "1")
  .option("--workload <name>", "only this workload")
  .option("--fault <text>", "only faults whose name contains this")
  .option("--mode <mode>", "threads or cluster")
  .parse();
const options = command.opts<{ runs: string; seed: string; workload?: string; fault?: string; mode?: Mode }>();

const TIMEOUT_MS = 60_000;

const probe = mkdtempSync(join(tmpdir(), "kindling-faults-"));
const faults = canMount(probe) ? [...portable, diskFull] : portable;
rmSync(probe, { recursive: true });
if (faults === portable) console.log("skipped: a full disk (mounting a small file system is not allowed here)");

const masters: Readonly<Record<Mode, string>> = { threads: "local[2,4]", cluster: "local-cluster[2,1,512]" };

const open = (mode: Mode, localDirectory: string, settings: Readonly<Record<string, string>> = {}): SparkSession =>
  SparkSession.builder
    .master(masters[mode])
    .config({
      "spark.ui.showConsoleProgress": "false",
      "spark.local.dir": localDirectory,
      "spark.sql.shuffle.partitions": "5",
      "spark.executor.memory": "512m",
      ...settings,
    })
    .create();

const expected = new Map<string, string>();

async function undisturbed(workload: Workload): Promise<string> {
  const known = expected.get(workload.name);
  if (known !== undefined) return known;
  const results: string[] = [];
  for (const mode of ["threads", "cluster"] as const) {
    const directory = mkdtempSync(join(tmpdir(), "kindling-faults-"));
    const session = open(mode, directory);
    results.push(await workload.run(session, noSabotage(), undefined));
    await session.stop();
    rmSync(directory, { recursive: true, force: true });
  }
  if (results[0] !== results[1]) throw new Error(`${workload.name}: threads and cluster differ without any fault`);
  expected.set(workload.name, results[0]);
  return results[0];
}

interface Plan {
  readonly seed: number;
  readonly mode: Mode;
  readonly workload: Workload;
  readonly fault: Fault;
}

function planOf(seed: number, draws: Draws): Plan {
  const allowed = faults.filter(
    ({ name, modes }) =>
      (!options.fault || name.includes(options.fault)) && (!options.mode || modes.includes(options.mode)),
  );
  const fault = draws.of(allowed);
  const mode = options.mode ?? draws.of(fault.modes);
  const workload = draws.of(workloads.filter(({ name }) => !options.workload || name === options.workload));
  return { seed, mode, workload, fault };
}

interface Outcome {
  /** What is wrong with the run; undefined when it is as it should be. */
  readonly problem: string | undefined;
  /** Whether the fault came before the job was over. */
  readonly struck: boolean;
}

async function run({ mode, workload, fault }: Plan, draws: Draws): Promise<Outcome> {
  const wanted = await undisturbed(workload);
  const directory = mkdtempSync(join(tmpdir(), "kindling-faults-"));
  const undo = fault.prepare?.(directory, draws);
  const before = await holdings();
  const session = open(mode, directory, fault.settings);
  const mark = `${directory}.struck`;
  const abort = new AbortController();
  let over = false;
  let struck = fault.mustFail === true;
  const wrong = (problem: string): Outcome => ({ problem, struck });
  try {
    const sabotage = fault.sabotage?.(draws, workload.records, mark) ?? noSabotage();
    const job = workload.run(session, sabotage, abort.signal).then(
      (result) => ({ result }),
      (error: unknown) => ({ error: error as Error }),
    );
    const disturbance = fault.strike?.({ session, localDirectory: directory, draws, abort, over: () => over });
    const outcome = await Promise.race([job, sleep(TIMEOUT_MS, undefined, { ref: false })]);
    over = true;
    struck ||= (await disturbance) ?? existsSync(mark);
    if (!outcome) return wrong("did not end in time");
    if ("error" in outcome) {
      const text = describe(outcome.error);
      struck ||= fault.prepare !== undefined;
      if (!fault.mayFailWith) return wrong(`failed: ${text}`);
      if (!fault.mayFailWith.test(text)) return wrong(`failed with another error: ${text}`);
    } else {
      if (fault.mustFail) return wrong("did not fail");
      if (outcome.result !== wanted)
        return wrong(`gave another result:\n  ${outcome.result.slice(0, 300)}\n  ${wanted.slice(0, 300)}`);
    }
    // Whatever happened, the session goes on.
    const after = await session.range(0, 100, 1, 3).count();
    if (after !== 100) return wrong(`the session counts ${after} of 100 rows afterwards`);
  } finally {
    await session.stop();
    rmSync(mark, { force: true });
  }
  const left = await leftBehind(before, directory);
  undo?.();
  rmSync(directory, { recursive: true, force: true });
  return { problem: left.length > 0 ? `left behind: ${left.slice(0, 6).join(", ")}` : undefined, struck };
}

function describe(error: Error): string {
  const causes: string[] = [];
  for (let e: unknown = error; e instanceof Error; e = e.cause) causes.push(`${e.name}: ${e.message}`);
  return causes.join(" <- ");
}

const first = Number(options.seed);
const failures: string[] = [];
let strikes = 0;
const started = performance.now();
for (let seed = first; seed < first + Number(options.runs); seed++) {
  const draws = new Draws(seed);
  const plan = planOf(seed, draws);
  const from = performance.now();
  const { problem, struck } = await run(plan, draws).catch((error: unknown) => ({
    problem: describe(error as Error),
    struck: true,
  }));
  if (struck) strikes++;
  const label = `seed ${seed}: ${plan.workload.name}, ${plan.mode}, ${plan.fault.name}`;
  const time = `${((performance.now() - from) / 1000).toFixed(1)} s`;
  if (problem === undefined) console.log(`ok   ${label} (${time}${struck ? "" : ", over before the fault came"})`);
  else {
    failures.push(label);
    console.log(`FAIL ${label} (${time})\n     ${problem}`);
  }
}
console.log(
  `${options.runs} runs, ${strikes} of them disturbed, ${failures.length} failed, ${((performance.now() - started) / 1000).toFixed(0)} s` +
    (failures.length > 0 ? `; replay one with: npm run test:faults -- --runs 1 --seed N` : ""),
);
// A suite whose faults come too late would pass forever.
if (strikes < Number(options.runs) / 2) console.log("FAIL: most jobs were over before their fault came");
process.exit(failures.length > 0 || strikes < Number(options.runs) / 2 ? 1 : 0);
