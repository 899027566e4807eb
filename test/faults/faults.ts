import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { SparkSession } from "kindling";
import type { Draws } from "./random.js";
import { peaceful, type Sabotage } from "./sabotage.js";

export type Mode = "threads" | "cluster";

/** A run about to be disturbed. */
export interface Scene {
  readonly session: SparkSession;
  readonly localDirectory: string;
  readonly draws: Draws;
  /** Aborts the job under way. */
  readonly abort: AbortController;
  /** Set when the job has ended, so that late faults stay out. */
  readonly over: () => boolean;
}

/** One kind of fault. */
export interface Fault {
  readonly name: string;
  readonly modes: readonly Mode[];
  /** Settings that the run needs beside the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What the workload's own function does. */
  readonly sabotage?: (draws: Draws, records: number, mark: string) => Sabotage;
  /** What happens from outside while the job runs; false when the job was over before. */
  readonly strike?: (scene: Scene) => Promise<boolean>;
  /** Prepares the directory of spill files; returns what undoes it. */
  readonly prepare?: (localDirectory: string, draws: Draws) => () => void;
  /** What the user's error must say when the job may fail; without one the result must be right. */
  readonly mayFailWith?: RegExp;
  /** The job must fail. */
  readonly mustFail?: boolean;
}

const sabotage =
  (kind: Sabotage["kind"], always = false) =>
  (draws: Draws, records: number, mark: string): Sabotage => ({
    kind,
    at: draws.below(records),
    once: always ? undefined : mark,
  });

const both: readonly Mode[] = ["threads", "cluster"];

/** Processes of executors that this process started. */
function executorProcesses(): number[] {
  return readdirSync("/proc/self/task")
    .flatMap((task) => {
      try {
        return readFileSync(`/proc/self/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number);
      } catch {
        return [];
      }
    })
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("executor.js");
      } catch {
        return false;
      }
    });
}

const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Kills one of the executors, as soon as there is one. */
async function killExecutor(draws: Draws, over: () => boolean): Promise<boolean> {
  for (let wait = 0; wait < 200 && !over(); wait++) {
    const pids = executorProcesses();
    if (pids.length > 0) return process.kill(draws.of(pids), "SIGKILL");
    await sleep(5);
  }
  return false;
}

/** Waits until a stored file exists, for a while, and gives one. */
async function someFile({ localDirectory, draws, over }: Scene): Promise<string | undefined> {
  for (let wait = 0; wait < 200 && !over(); wait++) {
    const files = filesBelow(localDirectory).filter((path) => /\.arrow|block|shuffle|spill/.test(path));
    if (files.length > 0) return draws.of(files);
    await sleep(5);
  }
  return undefined;
}

/** A disk of a few pages; only root may mount one, elsewhere the fault is left out. */
function smallDisk(directory: string, kilobytes: number): () => void {
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${kilobytes}k`, "kindling-faults", directory], { stdio: "pipe" });
  return () => void execFileSync("umount", ["--lazy", directory], { stdio: "pipe" });
}

export function canMount(directory: string): boolean {
  try {
    smallDisk(directory, 64)();
    return true;
  } catch {
    return false;
  }
}

export const diskFull: Fault = {
  name: "a full disk",
  modes: ["cluster"],
  prepare: (directory, draws) => smallDisk(directory, 12 + 4 * draws.below(6)),
  mayFailWith: /no space left on the device/,
};

export const faults: readonly Fault[] = [
  { name: "a thrown error, once", modes: both, sabotage: sabotage("throw") },
  {
    name: "a poisoned record",
    modes: both,
    sabotage: sabotage("throw", true),
    mustFail: true,
    mayFailWith: /record \d+ is poisoned/,
  },
  { name: "process.exit in a worker", modes: both, sabotage: sabotage("exit") },
  { name: "a worker out of heap", modes: both, sabotage: sabotage("heap") },
  { name: "typed arrays without end", modes: both, sabotage: sabotage("buffers") },
  {
    name: "a straggler and speculation",
    modes: both,
    settings: {
      "spark.speculation": "true",
      "spark.speculation.interval": "50ms",
      "spark.speculation.quantile": "0.5",
      "spark.speculation.multiplier": "1.2",
      "spark.speculation.minTaskRuntime": "50ms",
    },
    sabotage: sabotage("sleep"),
  },
  {
    name: "an executor killed",
    modes: ["cluster"],
    async strike({ draws, over }) {
      await sleep(draws.below(400));
      return killExecutor(draws, over);
    },
  },
  {
    name: "two executors killed",
    modes: ["cluster"],
    async strike({ draws, over }) {
      let struck = false;
      for (let k = 0; k < 2; k++) {
        await sleep(50 + draws.below(300));
        struck = (await killExecutor(draws, over)) || struck;
      }
      return struck;
    },
  },
  {
    name: "a stored file deleted",
    modes: ["cluster"],
    async strike(scene) {
      await sleep(scene.draws.below(200));
      const path = await someFile(scene);
      if (path === undefined || scene.over()) return false;
      rmSync(path, { force: true });
      return true;
    },
  },
  {
    name: "a stored file damaged",
    modes: ["cluster"],
    async strike(scene) {
      await sleep(scene.draws.below(200));
      const path = await someFile(scene);
      if (path === undefined || scene.over()) return false;
      try {
        const bytes = readFileSync(path);
        if (bytes.length === 0) return false;
        bytes[scene.draws.below(bytes.length)] ^= 0x55;
        writeFileSync(path, bytes, { flag: "r+" });
        return true;
      } catch {
        // The job let go of the file meanwhile.
        return false;
      }
    },
  },
  {
    name: "cancellation",
    modes: both,
    async strike({ draws, abort, session, over }) {
      await sleep(draws.below(250));
      if (over()) return false;
      abort.abort(new Error("the user gave up"));
      await session.sparkContext.cancelAllJobs();
      return true;
    },
    mayFailWith: /gave up|cancel/i,
  },
];

export const noSabotage = (): Sabotage => peaceful;
