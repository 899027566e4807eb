import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { constants, Script } from "node:vm";
import { distUrl, SparkException } from "../../common/index.js";
import type { ModuleReference } from "./closure-node.js";
import { enableTypeScript, OWN_NAME, usesTypeScript } from "./typescript-modules.js";

const loaded = new Map<string, unknown>();
const wanted = new Map<string, ModuleReference>();
const keyOf = ({ specifier, parent, form }: ModuleReference): string => `${form} ${specifier} ${parent}`;

/** What a module exports, when it is loaded; otherwise it is noted as wanted and an error thrown: see {@link loadWantedModules}. */
export function moduleValue(reference: ModuleReference): unknown {
  const { specifier, parent, form, name } = reference;
  if (form === "require") return member(createRequire(parent)(specifier), name, reference);
  const key = keyOf(reference);
  if (loaded.has(key)) return member(loaded.get(key), name, reference);
  wanted.set(key, reference);
  throw new SparkException(`The module ${specifier}, which a function uses, is not loaded yet.`);
}

/**
 * Imports the modules that functions revived on this thread have asked for; false when there are none. Importing is asynchronous, reviving
 * is not: a task whose function lacks a module fails, and runs again once this has resolved.
 */
export async function loadWantedModules(): Promise<boolean> {
  const references = [...wanted.entries()];
  wanted.clear();
  for (const [key, reference] of references) loaded.set(key, await load(reference));
  return references.length > 0;
}

async function load({ specifier, parent }: ModuleReference): Promise<unknown> {
  try {
    if (specifier === OWN_NAME) return (await import(distUrl("index.js").href)) as unknown;
    if (usesTypeScript(specifier) || usesTypeScript(parent)) await enableTypeScript();
    return await importFrom(parent)(specifier);
  } catch (cause) {
    throw new SparkException(
      `A worker cannot import "${specifier}", which a function from ${parent} uses: ${(cause as Error).message}`,
      { condition: "CLOSURE_MODULE_NOT_FOUND", parameters: { module: specifier, parent }, cause },
    );
  }
}

function member(module: unknown, name: string | undefined, { specifier }: ModuleReference): unknown {
  if (name === undefined) return module;
  const holder = module as Readonly<Record<string, unknown>>;
  if (name in holder) return holder[name];
  const fallback = (holder.default ?? {}) as Readonly<Record<string, unknown>>;
  if (name in fallback) return fallback[name];
  throw new SparkException(`The module "${specifier}" has no export "${name}" on a worker.`, {
    condition: "CLOSURE_MODULE_NOT_FOUND",
    parameters: { module: specifier },
  });
}

/** `import()` as the module at this address sees it: relative and bare specifiers are resolved from there. */
function importFrom(parent: string): (specifier: string) => Promise<unknown> {
  return contextScript("(specifier) => import(specifier)", fileURLToPath(parent)) as (s: string) => Promise<unknown>;
}

/** Evaluates text as if it stood in a file, for `import()`. */
export function contextScript(source: string, filename: string): unknown {
  silenceLoaderWarning();
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  return new Script(source, { filename, importModuleDynamically }).runInThisContext();
}

let silenced = false;

/** Node warns that the one way to give evaluated text an `import()` of its own is experimental; users cannot do anything about it. */
function silenceLoaderWarning(): void {
  if (silenced) return;
  silenced = true;
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    if (!String(warning).startsWith("vm.USE_MAIN_CONTEXT_DEFAULT_LOADER")) emit(warning, ...rest);
  };
}
