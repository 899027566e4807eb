// Compiles every src/kernels/<name>/kernel.as.ts into one module, dist/kernels.wasm: it imports `env.memory` (shared), so that
// it can be instantiated on any block's own memory. Static data stays in the first 64 KiB (src/memory/block.ts reserves them).
import { mkdirSync, readdirSync, existsSync, writeFileSync, statSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const root = fileURLToPath(new URL("..", import.meta.url));
const kernels = join(root, "src/kernels");
const output = join(root, "dist/kernels.wasm");
const sources = readdirSync(kernels, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(kernels, entry.name, "kernel.as.ts")))
  .map((entry) => join(kernels, entry.name, "kernel.as.ts"))
  .sort();

const newest = Math.max(
  statSync(fileURLToPath(import.meta.url)).mtimeMs,
  ...sources.map((file) => statSync(file).mtimeMs),
);
if (!process.argv.includes("--force") && existsSync(output) && statSync(output).mtimeMs > newest) process.exit(0);

mkdirSync(join(root, "dist"), { recursive: true });
const entry = `dist/kernels-entry-${process.pid}.ts`;
writeFileSync(
  join(root, entry),
  sources.map((file) => `export * from "..${file.slice(root.length - 1, -3)}";\n`).join(""),
);
const temporary = `dist/kernels-${process.pid}.wasm`;
const { error, stderr } = await asc.main(
  [entry, "--baseDir", root, "-o", temporary]
    .concat(["-O3", "--noAssert", "--runtime", "stub", "--importMemory", "--sharedMemory"])
    .concat(["--initialMemory", "2", "--maximumMemory", "65536", "--memoryBase", "64"])
    .concat(["--enable", "simd,threads,bulk-memory", "--use", "abort="]),
);
rmSync(join(root, entry));
if (error) {
  process.stderr.write(`${stderr.toString()}\n${error.message}\n`);
  process.exit(1);
}
const { renameSync } = await import("node:fs");
renameSync(join(root, temporary), output);
