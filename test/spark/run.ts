import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brief, Skipped } from "../golden/runner/case.js";
import { compareWithSpark, interopCases, saveForSpark } from "./interop.js";
import { sparkPython } from "./python.js";
import { DataBuilder } from "../golden/runner/data.js";
import { Kindling } from "../golden/runner/api.js";

/**
 * Models both ways with real Spark: kindling trains and saves, Spark loads and scores; Spark trains and saves, kindling
 * loads and scores; the scores must agree. Cases are the first of each class in `test/golden/ml`; arguments choose
 * those whose name contains one of them.
 */
async function main(): Promise<number> {
  const python = sparkPython();
  const workspace = mkdtempSync(join(tmpdir(), "kindling-spark-"));
  const k = await Kindling.start();
  let failed = 0;
  let passed = 0;
  const report = (name: string, problems: readonly string[]): void => {
    if (problems.length === 0) passed++;
    else failed++;
    console.log(problems.length === 0 ? `ok     ${name}` : `FAILED ${name}\n  ${problems.slice(0, 8).join("\n  ")}`);
  };
  try {
    const data = new DataBuilder(k, [fileURLToPath(new URL("../../datasets", import.meta.url))]);
    const cases = interopCases(k, fileURLToPath(new URL("../golden/ml", import.meta.url)));
    const saved: { name: string; folder: string }[] = [];
    const wanted = process.argv.slice(2);
    for (const { className, spec } of cases) {
      const name = `${className} ${spec.id}`;
      if (wanted.length > 0 && !wanted.some((text) => name.includes(text))) continue;
      const folder = join(workspace, `${className}-${spec.id}`);
      try {
        await saveForSpark(k, data, className, spec, folder);
        saved.push({ name, folder });
      } catch (error) {
        if (error instanceof Skipped) console.log(`skip   ${name}: ${error.message}`);
        else report(name, [`kindling could not train or save it: ${brief((error as Error).stack)}`]);
      }
    }
    execFileSync(python, [fileURLToPath(new URL("interop.py", import.meta.url)), workspace], {
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, PYTHONWARNINGS: "ignore" },
    });
    for (const { name, folder } of saved) {
      const failure = join(folder, "spark-error.txt");
      report(name, existsSync(failure) ? [lastLines(failure)] : await compareWithSpark(k, data, folder));
    }
  } finally {
    await k.stop();
    if (process.env.KEEP_WORKSPACE) console.log(`workspace: ${workspace}`);
    else rmSync(workspace, { recursive: true, force: true });
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

const lastLines = (file: string): string => readFileSync(file, "utf8").trim().split("\n").slice(-6).join("\n  ");

process.exitCode = await main();
