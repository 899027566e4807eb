import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const project = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kindling-examples-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function example(name: string, ...args: string[]): Promise<string[]> {
  const run = [join(project, "dist/cli.js"), "run", "--master", "local[2]", join(project, "examples", name), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, run, { cwd: folder });
  return stdout.trim().split("\n");
}
function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

it("wordcount counts words", async () => {
  const [first, ...words] = await example(
    "wordcount.ts",
    file("words.txt", "To be, or not to be:\nthat is the question.\n"),
  );
  expect(first).toContain("8 different words");
  expect(words.slice(0, 3).map((line) => line.trim())).toEqual(["2  be", "2  to", "1  is"]);
});

it("pagerank ranks pages as the formula says", async () => {
  const ranks = new Map([
    ["1", 1],
    ["2", 1],
    ["3", 1],
    ["4", 1],
  ]);
  for (let pass = 0; pass < 10; pass++) {
    const hub = ranks.get("1")!;
    const rest = ["2", "3", "4"].reduce((sum, page) => sum + ranks.get(page)!, 0);
    ranks.set("1", 0.15 + 0.85 * rest);
    for (const page of ["2", "3", "4"]) ranks.set(page, 0.15 + (0.85 * hub) / 3);
  }
  const lines = await example("pagerank.ts", file("links.txt", "1 2\n1 3\n1 4\n2 1\n3 1\n4 1\n4 1\n"));
  expect(lines[0]).toBe(`1 has rank ${ranks.get("1")!.toFixed(6)}`);
  expect(lines.slice(1).sort()).toEqual(
    ["2", "3", "4"].map((page) => `${page} has rank ${ranks.get(page)!.toFixed(6)}`),
  );
});

it("logistic-passes shows the time of every pass, cached and read again", async () => {
  const lines = await example("logistic-passes.ts", "2000", "4", "3");
  expect(lines[0]).toMatch(/^read again on every pass: (\d+ ms, ){2}\d+ ms$/);
  expect(lines[1]).toMatch(/^cached by the first pass: (\d+ ms, ){2}\d+ ms$/);
  expect(lines[2]).toMatch(/^weights agree: (-?\d\.\d{4} ?){4}$/);
});
