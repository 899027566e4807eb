import { readdirSync, readFileSync } from "node:fs";
import { posix, relative } from "node:path";

export interface Import {
  readonly specifier: string;
  /** Path from `src/` of a relative import's file; undefined for packages. */
  readonly target: string | undefined;
  readonly typeOnly: boolean;
}

/** A source file as the architecture sees it: where it is, how long it is, what it imports. */
export interface SourceFile {
  /** Path from `src/`, e.g. `ml/base/params.ts`. */
  readonly path: string;
  readonly lines: number;
  readonly text: string;
  readonly imports: readonly Import[];
}

const statement =
  /(?:^|\n)\s*(import|export)\s+(type\s+)?((?:[\w*{}\s,$]|\bas\b)*?)\s*(?:from\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;

/** Reads the static and dynamic imports and re-exports of a file. */
export function parseSource(path: string, text: string): SourceFile {
  const imports: Import[] = [];
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
  for (const [, , typeKeyword, clause, from, dynamic] of code.matchAll(statement)) {
    const specifier = from ?? dynamic;
    const names = /\{([^}]*)\}/.exec(clause ?? "")?.[1];
    const allTypes =
      names !== undefined && !/^\w/.test(clause.trim()) && named(names).every((n) => n.startsWith("type "));
    imports.push({ specifier, target: resolve(path, specifier), typeOnly: typeKeyword !== undefined || allTypes });
  }
  return { path, lines: text.split("\n").length - 1, text, imports };
}

const named = (clause: string): string[] =>
  clause
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

const resolve = (path: string, specifier: string): string | undefined =>
  specifier.startsWith(".")
    ? posix.normalize(posix.join(posix.dirname(path), specifier)).replace(/\.js$/, ".ts")
    : undefined;

/** Every TypeScript file below `src/`, kernels in AssemblyScript excepted. */
export function readSources(root: string): SourceFile[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !/\.(as|d)\.ts$/.test(entry.name))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort()
    .map((file) => parseSource(relative(root, file).replaceAll("\\", "/"), readFileSync(file, "utf8")));
}
