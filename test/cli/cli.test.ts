import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const project = fileURLToPath(new URL("../..", import.meta.url));
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kindling-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kindling = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
  spawnSync(process.execPath, [join(project, "dist/cli.js"), ...args], { cwd: folder, encoding: "utf8" });

function program(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

describe("kindling", () => {
  test("--version prints the package's version", () => {
    const { version } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as { version: string };
    expect(kindling("--version")).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  test("--help lists the commands", () => {
    const { status, stdout } = kindling("--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(/submit[\s\S]*score/);
  });

  test.each([[[]], [["sumbit"]], [["score", "--model", "m"]], [["submit"]], [["submit", "x.ts", "--conf"]]])(
    "%j is bad usage",
    (args) => expect(kindling(...args).status).toBe(2),
  );

  test("a setting without a value is bad usage", () => {
    expect(kindling("submit", "--conf", "nonsense", "x.ts").status).toBe(2);
  });
});

describe("kindling submit", () => {
  test("runs TypeScript with master, settings and arguments", () => {
    const file = program(
      "settings.ts",
      `import { SparkSession } from "kindling";
       await using spark = await SparkSession.builder.appName("cli").getOrCreate();
       const shown: unknown[] = [spark.conf.get("spark.master"), spark.conf.get("spark.sql.shuffle.partitions"), process.argv.slice(2)];
       console.log(JSON.stringify([...shown, await spark.range(10).count()]));`,
    );
    const settings = ["--master", "local[1]", "--conf", "spark.sql.shuffle.partitions=3"];
    const { status, stdout, stderr } = kindling("submit", file, ...settings, "a", "--flag");
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(["local[1]", "3", ["a", "--flag"], 10]);
    const verbatim = kindling("submit", ...settings, file, "--", "--master", "mine");
    expect(JSON.parse(verbatim.stdout)).toEqual(["local[1]", "3", ["--master", "mine"], 10]);
  });

  test("a program that fails gives 1 and says why", () => {
    const { status, stderr } = kindling("submit", program("fails.ts", `throw new Error("no luck" as string);`));
    expect(status).toBe(1);
    expect(stderr).toContain("no luck");
  });

  test("a program's own exit code stays", () => {
    expect(kindling("submit", program("exits.ts", "process.exit(7);")).status).toBe(7);
  });

  test("a program that does not exist gives 1", () => {
    const { status, stderr } = kindling("submit", "nowhere.ts");
    expect(status).toBe(1);
    expect(stderr).toContain("nowhere.ts does not exist");
  });
});

describe("kindling score", () => {
  const model = join(project, "models/plane-engines");
  const input = join(project, "datasets/nycflights13/planes.csv");
  const score = (...more: string[]) =>
    kindling("score", "--model", model, "--input", input, "--option", "nullValue=NA", ...more);

  test("scores a file into folders by a column", () => {
    const output = join(folder, "scored");
    const first = score(
      "--output",
      output,
      "--format",
      "json",
      "--select",
      "engine,prediction",
      "--partition-by",
      "engine",
    );
    expect(first).toMatchObject({ status: 0, stderr: "" });
    expect(readdirSync(output)).toContain("engine=Turbo-fan");
    expect(score("--output", output).status).toBe(1);
    expect(score("--output", output, "--mode", "ignore").status).toBe(0);
  });

  test("a model that is not there, or is no model, gives 1", () => {
    const output = join(folder, "never");
    const at = (path: string) => kindling("score", "--model", path, "--input", input, "--output", output);
    expect(at(join(folder, "no-model"))).toMatchObject({ status: 1 });
    expect(at(folder).stderr).toContain(folder);
    expect(existsSync(output)).toBe(false);
  });
});
