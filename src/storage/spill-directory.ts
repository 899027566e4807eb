import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { diskError } from "../columnar/index.js";
import type { SparkConf } from "../common/index.js";

const PREFIX = "kindling-";
const OWNER_FILE = ".owner";

/** Who made a directory: a process is told from a later one of the same number by when it started. */
interface Owner {
  readonly host: string;
  readonly pid: number;
  readonly started: string;
}

/** When a process started, in clock ticks since the machine did; empty where the system does not tell. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return started === "" || startOf(pid) === "" || startOf(pid) === started;
}

/** The first folder of `spark.local.dir`, or the system's folder for temporary files. */
export const localRoot = (conf: SparkConf): string => conf.value("localDir")?.split(",")[0].trim() || tmpdir();

/** Folders of this process that may have to go when it exits. */
const live = new Set<SpillDirectory>();
const removeAll = (): void => live.forEach((directory) => directory.remove());

/**
 * A process's folder for what leaves memory: `<root>/kindling-<pid>-<uuid>`. It is made by whoever writes first, on any
 * thread ({@link makeSpillDirectory}), deleted at `remove()` or, at the latest, when the process exits; what a killed process
 * left behind is swept by the next session.
 */
export class SpillDirectory {
  readonly path: string;

  constructor(readonly root: string) {
    this.path = join(root, `${PREFIX}${process.pid}-${randomUUID()}`);
    if (live.size === 0) process.once("exit", removeAll);
    live.add(this);
  }

  /** Deletes the folder and what is in it. */
  remove(): void {
    made.delete(this.path);
    rmSync(this.path, { recursive: true, force: true, maxRetries: 3 });
    live.delete(this);
    if (live.size === 0) process.removeListener("exit", removeAll);
  }

  /** Names of the files in it. */
  files(): string[] {
    try {
      return readdirSync(this.path).filter((name) => name !== OWNER_FILE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }
}

/** Folders that this thread has made. */
const made = new Set<string>();

/** Makes the folder of this process unless it is there, on any of its threads. */
export function makeSpillDirectory(path: string): void {
  if (made.has(path)) return;
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const owner: Owner = { host: hostname(), pid: process.pid, started: startOf(process.pid) };
    writeFileSync(join(path, OWNER_FILE), JSON.stringify(owner));
    made.add(path);
  } catch (cause) {
    throw diskError(cause, path, 0);
  }
}

/** Deletes the spill folders below `root` whose processes, on this machine, are gone; returns their paths. */
export function sweepStaleDirectories(root: string): string[] {
  const swept: string[] = [];
  let names: string[] = [];
  try {
    names = readdirSync(root).filter((name) => name.startsWith(PREFIX));
  } catch {
    // There is no such folder yet: nothing was left in it.
  }
  for (const name of names) {
    const path = join(root, name);
    const owner = ownerOf(path);
    if (!owner || owner.host !== hostname() || isAlive(owner)) continue;
    rmSync(path, { recursive: true, force: true });
    swept.push(path);
  }
  return swept;
}

/** Undefined for a folder that is somebody else's, or whose owner is writing its name at this moment. */
function ownerOf(path: string): Owner | undefined {
  try {
    const owner = JSON.parse(readFileSync(join(path, OWNER_FILE), "utf8")) as Partial<Owner>;
    return typeof owner.pid === "number" && typeof owner.host === "string" ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}
