import type { SourceFile } from "./source-file.js";

/**
 * The rooms of `docs/architecture.md`, a room may import those before it. `only` narrows that to the named rooms.
 * Files directly in `src/` (index, worker, descriptors) put the rooms together and may import all of them.
 */
export const rooms: readonly { readonly room: string; readonly only?: readonly string[] }[] = [
  { room: "common" },
  { room: "ui", only: ["common"] },
  { room: "memory" },
  { room: "linalg" },
  { room: "kernels" },
  { room: "columnar" },
  { room: "storage" },
  { room: "exec" },
  { room: "rdd" },
  { room: "sql/types" },
  { room: "sql/codegen" },
  { room: "sql/expressions" },
  { room: "sql/functions" },
  { room: "sql/plan" },
  { room: "sql/source" },
  { room: "sources", only: ["common", "memory", "linalg", "columnar", "sql/types", "sql/source"] },
  { room: "sql/catalog" },
  { room: "sql/parser" },
  { room: "sql/analyzer" },
  { room: "sql/optimizer" },
  { room: "sql/physical" },
  { room: "sql/api" },
  { room: "ml/persistence" },
  { room: "ml/base" },
  { room: "ml/optim" },
  { room: "ml/linear" },
  { room: "ml/tree" },
  { room: "ml/stat" },
  { room: "ml/evaluation" },
  { room: "ml/feature" },
  { room: "ml/classification" },
  { room: "ml/regression" },
  { room: "ml/clustering" },
  { room: "ml/recommendation" },
  { room: "ml/pipeline" },
  { room: "ml/tuning" },
  { room: "cli" },
];

const nested = new Set(["sql", "ml"]);

/** Room of a file or path below `src/`: its folder, or the folder in `sql/` or `ml/`; undefined at the root. */
export function roomOf(path: string): string | undefined {
  const parts = path.split("/");
  if (parts.length === 1) return undefined;
  return nested.has(parts[0]) && parts.length > 2 ? `${parts[0]}/${parts[1]}` : parts[0];
}

/** Imports that go to a later room, past the other room's index, or to a room that the table does not know. */
export function wrongDirections(files: readonly SourceFile[]): string[] {
  const order = new Map(rooms.map(({ room }, i) => [room, i]));
  const problems: string[] = [];
  for (const file of files) {
    const room = roomOf(file.path);
    if (room === undefined) continue;
    const rank = order.get(room);
    if (rank === undefined) problems.push(`${file.path} lies in ${room}, which is not in the table of rooms`);
    for (const { target } of file.imports) {
      if (target === undefined) continue;
      const other = roomOf(target);
      if (other === room || rank === undefined) continue;
      // The command line is a program on the public API.
      if (room === "cli" && target === "index.ts") continue;
      const otherRank = other === undefined ? Infinity : (order.get(other) ?? Infinity);
      const allowed = rooms[rank].only?.includes(other ?? "") ?? true;
      if (otherRank > rank || !allowed)
        problems.push(`${file.path} imports ${target}: ${room} may not use ${other ?? "the root"}`);
      else if (!target.endsWith("/index.ts") && !isOwnIndex(target, other!)) {
        problems.push(`${file.path} imports ${target} past ${other}/index.ts`);
      }
    }
  }
  return problems;
}

const isOwnIndex = (target: string, room: string): boolean => target === `${room}/index.ts`;

/** Circles of imports that exist at run time (imports of types are erased). */
export function cycles(files: readonly SourceFile[]): string[] {
  const edges = new Map(
    files.map((file) => [
      file.path,
      file.imports.filter((i) => i.target !== undefined && !i.typeOnly).map((i) => i.target!),
    ]),
  );
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      found.push([...trail.slice(trail.indexOf(path)), path].join(" > "));
      return;
    }
    state.set(path, "open");
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, "done");
  };
  for (const { path } of files) visit(path, []);
  return found;
}

/** Packages that are imported from more than one room. */
export function scatteredPackages(files: readonly SourceFile[]): string[] {
  const users = new Map<string, Set<string>>();
  for (const file of files) {
    for (const { specifier, target, typeOnly } of file.imports) {
      if (typeOnly || target !== undefined || specifier.startsWith("node:")) continue;
      const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
      // One room of `sources` is one folder per format.
      const folder = file.path.startsWith("sources/")
        ? file.path.split("/").slice(0, 2).join("/")
        : (roomOf(file.path) ?? ".");
      users.set(name, (users.get(name) ?? new Set()).add(folder));
    }
  }
  return [...users]
    .filter(([, folders]) => folders.size > 1)
    .map(([name, folders]) => `${name}: ${[...folders].join(", ")}`);
}

export const MOST_LINES = 400;
export const MEDIAN_LINES = 150;

/** Files of more than 400 lines without a first comment that says why. */
export const tooLong = (files: readonly SourceFile[]): string[] =>
  files
    .filter((file) => file.lines > MOST_LINES && !/^\/[/*][^\n]*\blines\b/.test(file.text))
    .map((file) => `${file.path}: ${file.lines} lines`);

export function medianLines(files: readonly SourceFile[]): number {
  const lines = files.map((file) => file.lines).sort((a, b) => a - b);
  return lines[Math.floor(lines.length / 2)] ?? 0;
}

const banned = new Set(["utils.ts", "util.ts", "helpers.ts", "misc.ts"]);

/** File names that are not kebab-case or say nothing; classes called Manager. */
export const badNames = (files: readonly SourceFile[]): string[] =>
  files
    .filter((file) => {
      const name = file.path.slice(file.path.lastIndexOf("/") + 1);
      return !/^[a-z0-9]+(-[a-z0-9]+)*\.ts$/.test(name) || banned.has(name) || /\bclass \w*Manager\b/.test(file.text);
    })
    .map((file) => file.path);

/** Files that register a descriptor at load time. */
const registers = /^(?:export const \w+(?::[^=]+)? =\s+)?(define[A-Z]\w*)\(/m;

/** Descriptors that a root (the driver's `index.ts`, the worker's `worker.ts`) does not load. */
export function unregistered(files: readonly SourceFile[], root: string): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const reached = new Set<string>();
  const queue = [root];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    for (const { target, typeOnly } of byPath.get(path)?.imports ?? []) if (target && !typeOnly) queue.push(target);
  }
  return files.filter((file) => registers.test(file.text) && !reached.has(file.path)).map((file) => file.path);
}
