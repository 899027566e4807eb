import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SparkSession } from "../src/index.js";
import { dataPath } from "./data.js";
import { engineFigures, type Figure } from "./engine.js";
import { measure, type Measurement } from "./kindling.js";
import { report } from "./report.js";
import { workloads, type Workload } from "./workloads.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const args = process.argv.slice(2);
const quick = args.includes("--quick");
const names = args.filter((arg) => !arg.startsWith("--"));
const folder = join(tmpdir(), "kindling-bench");

const python = [process.env.KINDLING_SPARK_PYTHON, join(root, ".venv-spark/bin/python")].find(
  (p) => p && existsSync(p),
);

const chosen: Workload[] = workloads
  .filter((w) => names.length === 0 || names.includes(w.name))
  .map((w) => (quick ? { ...w, rows: w.rows / 10, repeats: 1 } : w));
const withEngine = names.length === 0 || names.includes("engine");

/** Runs a Python side on the workloads and parses its lines; an empty list when Python is not there. */
async function pythonSide(script: string, list: readonly (Workload & { path: string })[]): Promise<Measurement[]> {
  if (!python || list.length === 0) return [];
  const file = join(folder, "workloads.json");
  writeFileSync(file, JSON.stringify(list));
  const output = await new Promise<string>((resolve, reject) => {
    const options = {
      maxBuffer: 2 ** 26,
      env: { ...process.env, OPENBLAS_NUM_THREADS: script === "spark.py" ? "1" : "2" },
    };
    execFile(python, [join(root, "bench/python", script), file], options, (error, stdout, stderr) =>
      error ? reject(new Error(`${script} failed: ${stderr.slice(-2000)}`, { cause: error })) : resolve(stdout),
    );
  });
  return output
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Measurement);
}

const note = (text: string): void => void process.stderr.write(`${text}\n`);

mkdirSync(folder, { recursive: true });
const ours: Measurement[] = [];
const listed: (Workload & { path: string })[] = [];
let figures: Figure[] = [];
{
  await using spark = SparkSession.builder.master("local[2]").config("spark.sql.shuffle.partitions", 4).getOrCreate();
  for (const workload of chosen) {
    const path = await dataPath(spark, workload, folder);
    listed.push({ ...workload, path });
    note(`kindling: ${workload.name}`);
    ours.push(await measure(spark, workload, path));
  }
}
if (withEngine) {
  note("kindling: engine figures");
  figures = await engineFigures(quick, folder);
}
note("single-machine tools");
const peers = await pythonSide("single.py", listed);
note("Spark");
const spark = await pythonSide("spark.py", listed);

const command = `npm run bench${args.length ? ` -- ${args.join(" ")}` : ""}`;
const version =
  (JSON.parse(execFileSync("npm", ["pkg", "get", "version"], { cwd: root, encoding: "utf8" })) as string) ?? "";
const text = report({
  command,
  machine: `${cpus().length} x ${cpus()[0].model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}, kindling ${version}`,
  workloads: listed,
  ours,
  spark,
  peers,
  figures,
});
process.stdout.write(text);
if (!quick && names.length === 0) writeFileSync(join(root, "bench/RESULTS.md"), text);
