import { transformSync } from "esbuild";
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { SparkSession } from "../../../src/index.js";
import { failedCases } from "./programs/run-cases.js";

const run = promisify(execFile);
const project = fileURLToPath(new URL("../../..", import.meta.url));
const sources = fileURLToPath(new URL("programs", import.meta.url));
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kindling-closure-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The programs as a user has them: importing the package by its name. */
function copyPrograms(
  name: string,
  change: (file: string, text: string) => readonly [file: string, text: string],
): string {
  const target = join(folder, name);
  mkdirSync(join(target, "node_modules"), { recursive: true });
  for (const file of readdirSync(sources)) {
    const text = readFileSync(join(sources, file), "utf8").replaceAll("../../../../src/index.js", "kindling");
    const [newName, newText] = change(file, text);
    writeFileSync(join(target, newName), newText);
  }
  return target;
}

const lastLine = (text: string): unknown => JSON.parse(text.trim().split("\n").at(-1) ?? "");

it("travels inside vitest", async () => {
  await using spark = SparkSession.builder.master("local[2]").create();
  expect(await failedCases(spark)).toEqual([]);
});

it("travels from plain JavaScript", async () => {
  const target = copyPrograms("plain", (file, text) => [
    file.replace(/\.ts$/, ".js"),
    transformSync(text, { loader: "ts", format: "esm", target: "node20" }).code,
  ]);
  writeFileSync(join(target, "package.json"), `{ "type": "module" }`);
  symlinkSync(project, join(target, "node_modules/kindling"));
  const { stdout, stderr } = await run(process.execPath, [join(target, "main.js")]);
  expect(stderr).toBe("");
  expect(lastLine(stdout)).toEqual([]);
});

it("travels from TypeScript that the command line runs", async () => {
  const target = copyPrograms("typescript", (file, text) => [file, text]);
  const { stdout, stderr } = await run(process.execPath, [
    join(project, "dist/cli.js"),
    "run",
    join(target, "main.ts"),
  ]);
  expect(stderr).toBe("");
  expect(lastLine(stdout)).toEqual([]);
});

it("travels from a CommonJS script, with what it requires", async () => {
  const target = join(folder, "commonjs");
  mkdirSync(join(target, "node_modules"), { recursive: true });
  symlinkSync(project, join(target, "node_modules/kindling"));
  writeFileSync(
    join(target, "library.js"),
    `const hidden = new WeakMap(); const key = {}; hidden.set(key, 5);
     exports.fromHidden = (x) => x + hidden.get(key);`,
  );
  writeFileSync(
    join(target, "main.js"),
    `const { fromHidden } = require("./library.js");
     const library = require("./library");
     const path = require("node:path");
     const rate = 3;
     (async () => {
       const { SparkSession, F } = await import("kindling");
       const spark = SparkSession.builder.master("local[1]").getOrCreate();
       const fn = F.udf(() => JSON.stringify([fromHidden(rate), library.fromHidden(1), path.basename(__filename), require("./library").fromHidden(0)]));
       console.log((await spark.range(0, 1, 1, 1).select(fn().alias("text")).collect())[0].text);
       await spark.stop();
     })();`,
  );
  const { stdout, stderr } = await run(process.execPath, [join(target, "main.js")]);
  expect(stderr).toBe("");
  expect(lastLine(stdout)).toEqual([8, 6, "main.js", 5]);
});
