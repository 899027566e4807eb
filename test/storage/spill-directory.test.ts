import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeSpillDirectory, SpillDirectory, sweepStaleDirectories } from "../../src/storage/index.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kindling-root-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const project = fileURLToPath(new URL("../..", import.meta.url));
const module = JSON.stringify(join(project, "src/storage/spill-directory.ts"));

test("a spill directory is there from the first write until it is removed", () => {
  const spill = new SpillDirectory(root);
  expect(spill.path).toMatch(new RegExp(`/kindling-${process.pid}-[0-9a-f-]{36}$`));
  expect(existsSync(spill.path)).toBe(false);
  expect(spill.files()).toEqual([]);
  makeSpillDirectory(spill.path);
  writeFileSync(join(spill.path, "a"), "x");
  expect(spill.files()).toEqual(["a"]);
  spill.remove();
  expect(readdirSync(root)).toEqual([]);
});

test("a process that exits leaves nothing; what a killed one left is swept", async () => {
  const program = (end: string): string =>
    `import(${module}).then(({ SpillDirectory, makeSpillDirectory }) => {
      makeSpillDirectory(new SpillDirectory(${JSON.stringify(root)}).path);
      ${end}
    });`;
  const args = (end: string): string[] => ["--import", "tsx", "-e", program(end)];
  execFileSync(process.execPath, args("process.exit(3 - 3)"), { cwd: project });
  expect(readdirSync(root)).toEqual([]);

  const child = spawn(process.execPath, args('console.log("made"); setInterval(() => {}, 1000);'), { cwd: project });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  expect(readdirSync(root)).toHaveLength(1);
  expect(sweepStaleDirectories(root)).toEqual([]);
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
  expect(sweepStaleDirectories(root)).toHaveLength(1);
  expect(readdirSync(root)).toEqual([]);
});

test("directories of other machines, of live processes and of unknown owners stay", () => {
  const make = (name: string, owner?: object): void => {
    mkdirSync(join(root, name));
    if (owner) writeFileSync(join(root, name, ".owner"), JSON.stringify(owner));
  };
  make("kindling-1-a", { host: "elsewhere", pid: 999_999_999, started: "" });
  make("kindling-1-b");
  make("kindling-2-c", { host: hostname(), pid: process.pid, started: "" });
  make("other", { host: hostname(), pid: 999_999_999, started: "" });
  make("kindling-3-d", { host: hostname(), pid: 999_999_999, started: "" });
  make("kindling-4-e", { host: hostname(), pid: process.pid, started: "1" });
  expect(
    sweepStaleDirectories(root)
      .map((path) => path.slice(root.length + 1))
      .sort(),
  ).toEqual(["kindling-3-d", ...(process.platform === "linux" ? ["kindling-4-e"] : [])]);
  expect(sweepStaleDirectories(join(root, "nowhere"))).toEqual([]);
});

test("a root that cannot be written to is an error that names the way out", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => makeSpillDirectory(new SpillDirectory(join(root, "file")).path)).toThrow(/spark\.local\.dir/);
});
