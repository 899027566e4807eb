import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isObject, type GoldenCase, type SavedModelExpectation } from "./case.js";

/** One thing to run: a case of a golden file, or a saved model. */
export type Found =
  | { readonly kind: "case"; readonly file: string; readonly className: string; readonly spec: GoldenCase }
  | {
      readonly kind: "saved";
      readonly file: string;
      readonly directory: string;
      readonly expected: SavedModelExpectation;
    };

const EXPECT = ".expect.json";

/** Everything below the paths that can be run: files, folders, one golden file, one saved model with its expectation. */
export function discover(paths: readonly string[]): Found[] {
  return paths.flatMap((path) => {
    if (!existsSync(path)) throw new Error(`${path} does not exist`);
    const own = `${path.replace(/\/+$/, "")}${EXPECT}`;
    return statSync(path).isDirectory() && existsSync(own) ? inFile(own) : below(path);
  });
}

function below(path: string): Found[] {
  if (statSync(path).isFile()) return inFile(path);
  const entries = readdirSync(path).sort();
  const saved = new Set(entries.filter((name) => name.endsWith(EXPECT)).map((name) => name.slice(0, -EXPECT.length)));
  return entries
    .filter((name) => !saved.has(name) && name !== "node_modules")
    .map((name) => join(path, name))
    .flatMap((child) => (statSync(child).isDirectory() ? below(child) : inFile(child)));
}

function inFile(file: string): Found[] {
  if (!/\.jsonl?$/.test(file)) return [];
  if (file.endsWith(EXPECT)) return savedModel(file);
  const text = readFileSync(file, "utf8");
  const content = file.endsWith(".jsonl") ? lines(text) : (JSON.parse(text) as unknown);
  const cases = isObject(content) ? (content.cases ?? (isCase(content) ? [content] : [])) : content;
  if (!Array.isArray(cases)) return [];
  const fileClass =
    isObject(content) && typeof content.class === "string" ? content.class : basename(file).split(".")[0];
  return (cases as readonly unknown[])
    .filter(isCase)
    .map((spec) => ({ kind: "case", file, className: spec.class ?? fileClass, spec }));
}

const lines = (text: string): unknown[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as unknown);

const isCase = (value: unknown): value is GoldenCase => isObject(value) && isObject(value.expect) && "id" in value;

function savedModel(file: string): Found[] {
  const expected = JSON.parse(readFileSync(file, "utf8")) as unknown;
  if (!isObject(expected) || typeof expected.class !== "string") return [];
  const directory = join(dirname(file), basename(file).slice(0, -EXPECT.length));
  return [{ kind: "saved", file, directory, expected: expected as unknown as SavedModelExpectation }];
}
