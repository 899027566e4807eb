import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "process-end-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const directory = join(folder, "spill");
mkdirSync(directory);

/** A program that hangs is killed: a failing test must leave nothing behind either. */
const PATIENCE_MS = 50_000;

const program = (master: string, end: string): string => `
  import { SparkSession } from ${JSON.stringify(new URL("../../../dist/index.js", import.meta.url).href)};
  const spark = SparkSession.builder.master("${master}").config("spark.local.dir", ${JSON.stringify(directory)}).create();
  const pids = await spark.range(0, 4, 1, 4).repartition(3).collect();
  console.log("rows", pids.length);
  ${end}
`;

/** Runs a program until it ends by itself: its exit code or signal, and what it printed. */
async function run(master: string, end: string): Promise<{ ended: unknown; output: string }> {
  const path = join(folder, "program.mjs");
  writeFileSync(path, program(master, end));
  const child = spawn(process.execPath, [path], { stdio: ["ignore", "pipe", "inherit"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  let output = "";
  child.stdout.on("data", (text: Buffer) => (output += text.toString()));
  const ended = await new Promise((resolve) => child.once("close", (code, signal) => resolve(signal ?? code)));
  clearTimeout(timer);
  return { ended, output };
}

const ends = [
  ["is stopped", "await spark.stop();", 0],
  ["just ends", "", 0],
  ["exits", "process.exit(3);", 3],
  ["is killed", `process.kill(process.pid, "SIGKILL");`, "SIGKILL"],
] as const;
const masters = ["local[2]", "local-cluster[2,1,512]"];

it.each(masters.flatMap((master) => ends.map(([name, end, code]) => [master, name, end, code] as const)))(
  "%s: a program that %s leaves no process and no file",
  async (master, _, end, code) => {
    const { ended, output } = await run(master, end);
    expect(output).toBe("rows 4\n");
    expect(ended).toBe(code);
    // The output is a pipe that children inherit: it was closed by all of them. A killed process cannot clean up after
    // itself; the next session does.
    const left = readdirSync(directory);
    if (code === "SIGKILL") expect((await run("local[1]", "await spark.stop();")).ended).toBe(0);
    else expect(left).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  },
  2 * PATIENCE_MS + 10_000,
);
