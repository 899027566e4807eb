import { register } from "node:module";
import { distUrl } from "../../common/index.js";

/** The name under which programs import this package. */
export const OWN_NAME = "kindling";

/** Set by the command line: workers read modules of the program as it does. */
const TYPESCRIPT_VARIABLE = "KINDLING_TYPESCRIPT";

let enabled = false;

/** Whether a module needs {@link enableTypeScript} before this thread imports it. */
export const usesTypeScript = (address: string): boolean =>
  process.env[TYPESCRIPT_VARIABLE] === "1" || /\.[cm]?tsx?$/.test(address.split("?")[0]);

/** Makes this thread read TypeScript, and find this package under its name wherever the importing file lies. */
export async function enableTypeScript(): Promise<void> {
  if (enabled) return;
  enabled = true;
  const tsx = await import("tsx/esm/api");
  // Hooks that are registered later run first: tsx hears from these what a file is.
  register(moduleHooks(OWN_NAME, distUrl("index.js")));
  tsx.register();
}

/** The same, and for the workers that this process starts. */
export function enableTypeScriptEverywhere(): Promise<void> {
  process.env[TYPESCRIPT_VARIABLE] = "1";
  return enableTypeScript();
}

/** Hooks that resolve one package name to one file, and call every TypeScript file an ES module whatever its package.json says. */
function moduleHooks(name: string, target: URL): string {
  const source = `
const isTypeScript = (url) => /\\.tsx?$/.test(url.split("?")[0]) && !url.includes("/node_modules/");
export async function resolve(specifier, context, next) {
  if (specifier === ${JSON.stringify(name)}) {
    return { url: ${JSON.stringify(target.href)}, format: "module", shortCircuit: true };
  }
  const resolved = await next(specifier, context);
  return isTypeScript(resolved.url) ? { ...resolved, format: "module" } : resolved;
}
export const load = (url, context, next) => next(url, isTypeScript(url) ? { ...context, format: "module" } : context);`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
