import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const project = fileURLToPath(new URL("../..", import.meta.url));
const blocks = [
  ...readFileSync(join(project, "README.md"), "utf8").matchAll(/<!-- run -->\s*```(ts|sh)\n([\s\S]*?)```/g),
].map(([, language, code]) => [language, code] as const);

test("the README has a program and commands to run", () => {
  expect(blocks.map(([language]) => language)).toEqual(["ts", "sh", "sh", "ts"]);
});

/** `npx kindling` of an installed package is the built command line here. */
const local = (command: string): string => command.replace(/^npx kindling/gm, `node ${join(project, "dist/cli.js")}`);

/** What each program prints, among other things. */
const printed = ["| ", "[ 'fire', 2 ]"];
const programs = blocks.filter(([language]) => language === "ts");

test.each(blocks)("README block (%s) runs", { timeout: 120_000 }, (language, code) => {
  const folder = join(project, ".tmp/readme");
  mkdirSync(folder, { recursive: true });
  const options = { cwd: project, encoding: "utf8", stdio: "pipe" } as const;
  try {
    if (language === "ts") {
      const file = join(folder, "program.ts");
      writeFileSync(file, code);
      expect(code.trim().split("\n").length).toBeLessThanOrEqual(25);
      expect(execFileSync("npx", ["tsx", file], options)).toContain(
        printed[programs.findIndex((program) => program[1] === code)],
      );
    } else {
      execFileSync("bash", ["-ec", local(code)], options);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the program of docs/rdd.md runs", { timeout: 60_000 }, () => {
  const [, code] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(project, "docs/rdd.md"), "utf8"))!;
  const folder = join(project, ".tmp/docs");
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(join(folder, "program.ts"), code);
    writeFileSync(join(folder, "book.txt"), "to be or not to be\nto be is to do\n");
    const output = execFileSync("npx", ["tsx", "program.ts"], { cwd: folder, encoding: "utf8", stdio: "pipe" });
    expect(output).toContain("[ 'to', 4 ]");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
