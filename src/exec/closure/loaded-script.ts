import { realpathSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { inspector, post } from "./inspect-function.js";
import { moduleTable, type ModuleTable } from "./module-table.js";

/** A script that V8 has loaded: where it is from, and what its text says. */
export interface LoadedScript {
  /** Address of the file; undefined for text without one (`node -e`). */
  readonly url: string | undefined;
  /** Node's own code. */
  readonly native: boolean;
  readonly table: ModuleTable;
}

const addresses = new Map<string, string>();
const scripts = new Map<string, LoadedScript>();
const idOfUrl = new Map<string, string>();
const none: ModuleTable = { imports: new Map(), exports: new Map(), declarations: new Map(), specifiers: [] };

/** The script with V8's number. */
export function loadedScript(scriptId: string): LoadedScript {
  const found = scripts.get(scriptId);
  if (found) return found;
  const source = withDebugger(
    () => post<{ scriptSource: string }>("Debugger.getScriptSource", { scriptId }).scriptSource,
  );
  const address = addresses.get(scriptId) ?? "";
  const native = address.startsWith("node:");
  const script = { url: fileUrl(address), native, table: native ? none : moduleTable(source) };
  scripts.set(scriptId, script);
  return script;
}

/** The loaded script of a file, as far as addresses are known: those of the scripts that were there when one was asked for last. */
export function scriptOfUrl(url: string): LoadedScript | undefined {
  const id = idOfUrl.get(url);
  return id === undefined ? undefined : loadedScript(id);
}

/** The debugger tells the addresses of all scripts when it is enabled; it is left off otherwise, as it costs speed. */
function withDebugger<T>(body: () => T): T {
  const note = ({ params }: { params: { scriptId: string; url: string } }): void => {
    addresses.set(params.scriptId, params.url);
    const url = fileUrl(params.url);
    if (url !== undefined) idOfUrl.set(url, params.scriptId);
  };
  inspector().on("Debugger.scriptParsed", note);
  post("Debugger.enable", {});
  try {
    return body();
  } finally {
    post("Debugger.disable", {});
    inspector().off("Debugger.scriptParsed", note);
  }
}

/** A `file:` address without a query; undefined for anything else. */
export function fileUrl(address: string): string | undefined {
  if (address.startsWith("/") || /^[a-z]:[\\/]/i.test(address)) return pathToFileURL(address.split("?")[0]).href;
  return address.startsWith("file:") ? address.split(/[?#]/)[0] : undefined;
}

let entry: string | undefined;

/** Address of the program itself: a worker that imported it would run it again. */
export function entryUrl(): string | undefined {
  if (entry !== undefined || process.argv[1] === undefined) return entry;
  try {
    entry = pathToFileURL(realpathSync(process.argv[1])).href;
  } catch {
    entry = pathToFileURL(process.argv[1]).href;
  }
  return entry;
}

const reaching = new Map<string, boolean>();

/** Whether the module, or one that it imports, is the program itself. */
export function reachesEntry(url: string): boolean {
  let answer = reaching.get(url);
  if (answer === undefined) reaching.set(url, (answer = findEntryFrom(url)));
  return answer;
}

function findEntryFrom(url: string): boolean {
  const target = entryUrl();
  const seen = new Set<string>();
  const visit = (at: string): boolean => {
    if (at === target || realUrl(at) === target) return true;
    if (seen.has(at)) return false;
    seen.add(at);
    const { specifiers, imports } = scriptOfUrl(at)?.table ?? none;
    const all = new Set([...specifiers, ...[...imports.values()].map(({ specifier }) => specifier)]);
    for (const specifier of all) {
      const next = isRelative(specifier) ? resolveLoaded(specifier, at) : undefined;
      if (next !== undefined && visit(next)) return true;
    }
    return false;
  };
  return visit(url);
}

export const isRelative = (specifier: string): boolean => /^\.{0,2}\//.test(specifier) || specifier.startsWith("file:");

const realUrl = (url: string): string => {
  try {
    return pathToFileURL(realpathSync(fileURLToPath(url))).href;
  } catch {
    return url;
  }
};

const endings: readonly ((url: string) => string)[] = [
  (url) => url,
  (url) => url.replace(/\.([cm]?)js(x?)$/, ".$1ts$2"),
  (url) => url.replace(/\.js$/, ".tsx"),
  ...["js", "ts", "mjs", "mts", "cjs", "cts", "tsx"].map((ending) => (url: string) => `${url}.${ending}`),
  ...["js", "ts"].map((ending) => (url: string) => `${url}/index.${ending}`),
];

/** Address of the loaded script that a relative specifier means, TypeScript's liberties included. */
export function resolveLoaded(specifier: string, parent: string): string | undefined {
  const url = new URL(specifier, parent).href;
  return endings
    .map((ending) => ending(url))
    .find((candidate) => scriptOfUrl(candidate) !== undefined || candidate === entryUrl());
}
