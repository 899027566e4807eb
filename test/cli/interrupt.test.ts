import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kindling-interrupt-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program whose job takes a minute; it says when the job runs, and what became of it. */
function slowProgram(afterwards: string): ChildProcess {
  const file = join(folder, "slow.ts");
  writeFileSync(
    file,
    `import { SparkContext } from "kindling";
     const sc = SparkContext.getOrCreate();
     const pause = new Int32Array(new SharedArrayBuffer(4));
     const job = sc.parallelize(Array.from({ length: 600 }, (_, i) => i), 600).map((i: number) => Atomics.wait(pause, 0, 0, 100)).count();
     setTimeout(() => console.log("running"), 1500);
     await job.catch((error: Error) => console.log("failed", (error as { condition?: string }).condition));
     ${afterwards}`,
  );
  return spawn(process.execPath, [cli, "run", "--master", "local[1]", file], { cwd: folder });
}

async function outcome(
  child: ChildProcess,
  interrupts: number,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  let [stdout, stderr, sent] = ["", "", 0];
  const interrupt = (): void => {
    if (sent < interrupts) child.kill("SIGINT");
    sent++;
  };
  child.stdout!.on("data", (data: Buffer) => {
    stdout += data.toString();
    if (sent === 0 && stdout.includes("running")) interrupt();
  });
  child.stderr!.on("data", (data: Buffer) => {
    stderr += data.toString();
    if (sent === 1 && stderr.includes("Ctrl-C again")) interrupt();
  });
  const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  return { code, stdout, stderr };
}

it("the first Ctrl-C cancels the running job, and the program goes on", async () => {
  const { code, stdout, stderr } = await outcome(slowProgram("await sc.stop(); process.exitCode = 3;"), 1);
  expect(stderr).toContain("Cancelling the running job; Ctrl-C again to exit.");
  expect(stdout).toContain("failed SPARK_JOB_CANCELLED");
  expect(code).toBe(3);
});

it("the second one ends the process", async () => {
  const { code } = await outcome(slowProgram("await new Promise((resolve) => setTimeout(resolve, 60_000));"), 2);
  expect(code).toBe(130);
});
