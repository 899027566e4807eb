import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isObject, type GoldenCase, type SavedModelExpectation } from "./case.js";

/** One thing to run: a case of a golden file, or a saved model; a golden file that does not parse fails when run. */
export type Found =
  | { readonly kind: "case"; readonly file: string; readonly className: string; readonly spec: GoldenCase }
  | {
      readonly kind: "saved";
      readonly file: string;
      readonly directory: string;
      readonly expected: SavedModelExpectation;
    }
  | { readonly kind: "unreadable"; readonly file: string; readonly error: Error };

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
  const text = readFileSync(file, "utf8");
  let content: unknown;
  try {
    content = file.endsWith(".jsonl") ? lines(text) : JSON.parse(text);
  } catch (cause) {
    const golden = file.endsWith("expect.json") || /"expect"/.test(text);
    return golden ? [{ kind: "unreadable", file, error: new Error(`${file} is not JSON`, { cause }) }] : [];
  }
  if (file.endsWith("expect.json")) return savedModel(file, content);
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

/** `X.expect.json` beside the folder `X`, or `expect.json` inside it. */
function savedModel(file: string, expected: unknown): Found[] {
  if (!isObject(expected) || typeof expected.class !== "string") return [];
  const name = basename(file).slice(0, -EXPECT.length);
  const directory = basename(file) === EXPECT.slice(1) ? dirname(file) : join(dirname(file), name);
  return [{ kind: "saved", file, directory, expected: expected as unknown as SavedModelExpectation }];
}
