// Builds dist/: bundles of the driver, the worker and the command line (dependencies stay external), and the kernels.
// `--types` adds the declarations.
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

execFileSync(process.execPath, ["scripts/build-kernels.mjs"], { stdio: "inherit" });
const entryPoints = { index: "src/index.ts", worker: "src/worker.ts", executor: "src/executor.ts" };
if (existsSync("src/cli/main.ts")) entryPoints.cli = "src/cli/main.ts";
const { outputFiles } = await build({
  write: false,
  entryPoints,
  outdir: "dist",
  bundle: true,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  format: "esm",
  platform: "node",
  target: "node20",
  packages: "external",
  sourcemap: "linked",
  keepNames: true,
  logLevel: "warning",
});
// Chunks before the entries that import them, each in one step: a worker starting meanwhile never reads half a file.
const isChunk = (file) => file.path.includes("/chunks/");
mkdirSync("dist/chunks", { recursive: true });
for (const file of outputFiles.sort((a, b) => Number(isChunk(b)) - Number(isChunk(a)))) {
  if (existsSync(file.path) && readFileSync(file.path).equals(file.contents)) continue;
  mkdirSync(dirname(file.path), { recursive: true });
  const temporary = `${file.path}.${process.pid}`;
  writeFileSync(temporary, file.contents);
  renameSync(temporary, file.path);
}
if (entryPoints.cli) chmodSync("dist/cli.js", 0o755);
if (process.argv.includes("--types")) {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "."], { stdio: "inherit" });
}
