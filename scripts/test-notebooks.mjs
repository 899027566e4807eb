// Executes the notebooks in a TypeScript kernel (tslab) with Jupyter's nbconvert. `--write` stores the outputs.
// Jupyter lives in .venv-notebooks, tslab in .venv-notebooks/tslab; both are made when they are not there.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("..", import.meta.url));
const environment = process.env.KINDLING_NOTEBOOK_ENV ?? join(project, ".venv-notebooks");
const bin = join(environment, "bin");
const tslab = join(environment, "tslab");
const run = (command, args, options = {}) => execFileSync(command, args, { stdio: "inherit", ...options });

if (!existsSync(join(bin, "jupyter-nbconvert"))) {
  run("python3", ["-m", "venv", environment]);
  run(join(bin, "python"), [
    "-m",
    "pip",
    "install",
    "--quiet",
    "nbconvert==7.16.6",
    "ipykernel==6.30.1",
    "nbclient==0.10.2",
  ]);
}
if (!existsSync(join(tslab, "node_modules/tslab"))) {
  mkdirSync(tslab, { recursive: true });
  writeFileSync(join(tslab, "package.json"), '{ "name": "kindling-notebooks", "private": true }\n');
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", "tslab@1.0.22", "typescript@5.9.3"], { cwd: tslab });
}
const path = [bin, join(tslab, "node_modules/.bin"), process.env.PATH].join(delimiter);
const env = { ...process.env, PATH: path, JUPYTER_DATA_DIR: join(environment, "share/jupyter") };
if (!existsSync(join(environment, "share/jupyter/kernels/tslab"))) {
  run(join(tslab, "node_modules/.bin/tslab"), ["install", `--python=${join(bin, "python")}`, "--sys-prefix"], { env });
}

const notebooks = readdirSync(join(project, "notebooks")).filter((file) => file.endsWith(".ipynb"));
const scratch = join(project, ".tmp/notebooks");
mkdirSync(scratch, { recursive: true });
// The kernel resolves packages from the notebook's folder upwards.
const link = join(project, "node_modules/kindling");
const linked = !existsSync(link);
if (linked) symlinkSync(project, link, "dir");
try {
  for (const notebook of notebooks) {
    const target = process.argv.includes("--write") ? ["--inplace"] : ["--output-dir", scratch];
    run(
      join(bin, "jupyter-nbconvert"),
      ["--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=600", ...target, notebook],
      {
        cwd: join(project, "notebooks"),
        env,
      },
    );
    console.log(`ok ${notebook}`);
  }
} finally {
  if (linked) rmSync(link);
  rmSync(scratch, { recursive: true, force: true });
}
