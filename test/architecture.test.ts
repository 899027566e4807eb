import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import * as rules from "./architecture/rules.js";
import { parseSource, readSources } from "./architecture/source-file.js";

const project = fileURLToPath(new URL("..", import.meta.url));
const sources = readSources(`${project}src`);

describe("the source", () => {
  test("imports only earlier rooms, through their index", () => expect(rules.wrongDirections(sources)).toEqual([]));
  test("has no import cycles", () => expect(rules.cycles(sources)).toEqual([]));
  test("imports each package in one folder", () => expect(rules.scatteredPackages(sources)).toEqual([]));
  test("keeps files short", () => {
    expect(rules.tooLong(sources)).toEqual([]);
    expect(rules.medianLines(sources)).toBeLessThan(rules.MEDIAN_LINES);
  });
  test("names files after what they hold", () => expect(rules.badNames(sources)).toEqual([]));
  test.each(["index.ts", "worker.ts"])("every descriptor is loaded by %s", (root) =>
    expect(rules.unregistered(sources, root)).toEqual([]),
  );
  test("generated indexes are fresh", () => {
    const script = `${project}scripts/generate-indexes.mjs`;
    if (existsSync(script)) execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" });
  });
});

describe("each rule finds what it is for", () => {
  const file = (path: string, text: string) => parseSource(path, text);

  test("wrong directions", () => {
    const upward = file("common/a.ts", 'import { b } from "../exec/index.js";\n');
    const past = file("exec/b.ts", 'import { c } from "../memory/block.js";\n');
    const narrowed = file("sources/csv/c.ts", 'import { d } from "../../exec/index.js";\n');
    const inSql = file("sql/types/d.ts", 'export * from "../plan/index.js";\n');
    const unknown = file("attic/e.ts", "");
    const right = file("exec/f.ts", 'import type { Block } from "../memory/index.js";\n');
    expect(rules.wrongDirections([upward, past, narrowed, inSql, unknown, right])).toHaveLength(5);
  });

  test("cycles, but not those of types", () => {
    const a = file("exec/a.ts", 'import { b } from "./b.js";\n');
    const back = file("exec/b.ts", 'import { a } from "./a.js";\n');
    const typed = file("exec/b.ts", 'import type { A } from "./a.js";\nimport { type C } from "./a.js";\n');
    expect(rules.cycles([a, back])).toEqual(["exec/a.ts > exec/b.ts > exec/a.ts"]);
    expect(rules.cycles([a, typed])).toEqual([]);
  });

  test("scattered packages", () => {
    const one = file("exec/a.ts", 'import { Piscina } from "piscina";\n');
    const two = file("cli/a.ts", 'const p = await import("piscina");\n');
    expect(rules.scatteredPackages([one, two])).toEqual(["piscina: exec, cli"]);
    expect(rules.scatteredPackages([one])).toEqual([]);
  });

  test("long files without a reason", () => {
    const long = "const x = 1;\n".repeat(401);
    expect(rules.tooLong([file("exec/a.ts", long)])).toHaveLength(1);
    expect(rules.tooLong([file("exec/a.ts", `// 402 lines: one table\n${long}`)])).toEqual([]);
  });

  test("names", () => {
    const names = ["exec/utils.ts", "exec/taskRunner.ts", "exec/task-runner.ts"].map((path) => file(path, ""));
    expect(rules.badNames([...names, file("exec/b.ts", "class PoolManager {}")])).toHaveLength(3);
  });

  test("descriptors nobody loads", () => {
    const root = file("index.ts", 'import "./ml/feature/index.js";\nimport type { X } from "./ml/feature/lost.js";\n');
    const index = file("ml/feature/index.ts", 'export * from "./found.js";\n');
    const found = file("ml/feature/found.ts", "defineStage(Found, {});\n");
    const lost = file("ml/feature/lost.ts", "export const lost = defineBatchFunction({});\n");
    expect(rules.unregistered([root, index, found, lost], "index.ts")).toEqual(["ml/feature/lost.ts"]);
  });
});
