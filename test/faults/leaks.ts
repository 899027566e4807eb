import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** What a process holds of the system: nothing of it may be more after a run than before. */
export interface Holdings {
  readonly files: readonly string[];
  readonly children: readonly number[];
  readonly threads: number;
}

/** Open files, child processes and worker threads of this process. */
export async function holdings(): Promise<Holdings> {
  const descriptors = await readdir("/proc/self/fd");
  const targets = await Promise.all(descriptors.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => undefined)));
  const tasks = await readdir("/proc/self/task");
  const children = (
    await Promise.all(tasks.map((task) => readFile(`/proc/self/task/${task}/children`, "utf8").catch(() => "")))
  ).flatMap((text) => text.split(" ").filter(Boolean).map(Number));
  const commands = await Promise.all(children.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")));
  return {
    files: targets.filter(
      (path): path is string =>
        path?.startsWith("/") === true && !path.startsWith("/dev/") && !path.includes("/node_modules/"),
    ),
    // The compiler of the TypeScript runner that this suite itself is run by belongs to nobody's session; those that worker
    // threads had started are zombies (without a command line) until this process ends.
    children: children.filter((_, i) => commands[i] !== "" && !commands[i].includes("esbuild")),
    threads: process.getActiveResourcesInfo().filter((kind) => kind === "Worker" || kind === "ProcessWrap").length,
  };
}

/** What is held beyond what was held before, in words; waits a moment for the system to let go. */
export async function leftBehind(before: Holdings, localDirectory: string): Promise<string[]> {
  for (let wait = 0; ; wait++) {
    const now = await holdings();
    const files = [...now.files];
    for (const path of before.files) if (files.includes(path)) files.splice(files.indexOf(path), 1);
    const left = [
      ...files.map((path) => `open file ${path}`),
      ...now.children.filter((pid) => !before.children.includes(pid)).map((pid) => `child process ${pid}`),
      ...(now.threads > before.threads ? [`${now.threads - before.threads} workers or processes`] : []),
      ...(await readdir(localDirectory, { recursive: true })).map((path) => `file ${path}`),
    ];
    if (left.length === 0 || wait === 20) return left;
    await sleep(100);
  }
}
