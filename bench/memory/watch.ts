import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Watched {
  readonly output: string;
  /** Largest resident set of the process and all its descendants, in bytes. */
  readonly peakBytes: number;
}

const SAMPLE_MS = 25;
const PAGE_BYTES = 4096;

/** Runs a TypeScript file in a process of its own and watches the memory of its process tree. */
export async function watched(file: string, args: readonly string[]): Promise<Watched> {
  const child = spawn(process.execPath, ["--import", "tsx", file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  let peakBytes = 0;
  const timer = setInterval(() => (peakBytes = Math.max(peakBytes, residentBytes(child.pid!))), SAMPLE_MS);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    if (code !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${code}`);
  } finally {
    clearInterval(timer);
  }
  return { output, peakBytes };
}

/** Resident bytes of a process and its descendants, as Linux tells them. */
function residentBytes(root: number): number {
  const children = new Map<number, number[]>();
  const resident = new Map<number, number>();
  for (const entry of readdirSync("/proc")) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const stat = read(`/proc/${pid}/stat`);
    if (stat === undefined) continue;
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const parent = Number(fields[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
    resident.set(pid, Number(fields[21]) * PAGE_BYTES);
  }
  let bytes = 0;
  for (const open = [root]; open.length > 0;) {
    const pid = open.pop()!;
    bytes += resident.get(pid) ?? 0;
    open.push(...(children.get(pid) ?? []));
  }
  return bytes;
}

/** Text of a file of /proc; undefined when its process has just ended. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}
