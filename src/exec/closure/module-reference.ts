import { existsSync } from "node:fs";
import { builtinModules } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ModuleReference } from "./closure-node.js";
import type { KnownValue } from "./known-values.js";
import { inspectFunction } from "./inspect-function.js";
import { entryUrl, isRelative, type LoadedScript, loadedScript, reachesEntry, resolveLoaded } from "./loaded-script.js";

/** How a worker can find a module-level variable by itself. */
export interface FoundReference {
  readonly module: ModuleReference;
  /** Whether that is the better way: false when the module belongs to a test runner, which rewrites and mocks it. */
  readonly preferred: boolean;
}

/** The import that made a variable of the script; `member` is the property that is taken of a namespace. */
export function importOf(script: LoadedScript, variable: string, member?: string): FoundReference | undefined {
  const binding = script.table.imports.get(variable);
  if (!binding || script.url === undefined || isBuiltin(binding.specifier)) return undefined;
  if (binding.specifier.endsWith(".json")) return undefined;
  const specifier = binding.transformed ? addressOf(binding.specifier) : binding.specifier;
  if (specifier === undefined) return undefined;
  const name = member ?? binding.name;
  const module = { specifier, parent: script.url, form: binding.form, name };
  if (!isRelative(specifier) || specifier.includes("/node_modules/")) return { module, preferred: true };
  const target = resolveLoaded(specifier, script.url);
  if (binding.transformed) return { module, preferred: false };
  return target !== undefined && reachesEntry(target) ? undefined : { module, preferred: true };
}

/** What a variable was imported as from a module of Node: its value may differ by thread (`isMainThread`, `threadId`). */
export function builtinImportOf(script: LoadedScript, variable: string, member?: string): KnownValue | undefined {
  const binding = script.table.imports.get(variable);
  const name = member ?? binding?.name;
  if (!binding || name === undefined || name === "default" || !isBuiltin(binding.specifier)) return undefined;
  return { module: binding.specifier, path: [name] };
}

/** The export of a module-level variable of the script. */
export function exportOf(script: LoadedScript, variable: string): ModuleReference | undefined {
  const name = script.table.exports.get(variable);
  if (name === undefined || script.url === undefined || script.url === entryUrl() || reachesEntry(script.url))
    return undefined;
  return { specifier: script.url, parent: script.url, form: "import", name };
}

/** The export that a function or class is, when it stands at the top of a module other than the program itself. */
export function exportedAs(fn: (...args: never[]) => unknown, name: string): ModuleReference | undefined {
  const { scriptId } = inspectFunction(fn, new Set());
  if (scriptId === undefined || name === "") return undefined;
  const script = loadedScript(scriptId);
  if (script.table.declarations.get(name) !== Function.prototype.toString.call(fn)) return undefined;
  return exportOf(script, name);
}

const builtins = new Set(builtinModules);
const isBuiltin = (specifier: string): boolean => specifier.startsWith("node:") || builtins.has(specifier);

/** vite names files by their path below the project's folder, or below `/@fs/`. */
function addressOf(id: string): string | undefined {
  if (!id.startsWith("/")) return id;
  const path = id.split("?")[0];
  const candidates = [path.startsWith("/@fs/") ? path.slice("/@fs".length) : path, resolve(`.${path}`)];
  const found = candidates.find((candidate) => existsSync(candidate));
  return found === undefined ? undefined : pathToFileURL(found).href;
}
