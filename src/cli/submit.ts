import { existsSync } from "node:fs";
import { register as registerHooks } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { register as registerTypeScript } from "tsx/esm/api";
import { CONF_VARIABLE, distUrl, IllegalArgumentException } from "../common/index.js";

/**
 * Runs a program in this process with TypeScript and the given settings for its sessions.
 * `import ... from "kindling"` finds this installation, wherever the program lies.
 */
export async function submit(
  file: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const path = resolve(file);
  if (!existsSync(path)) throw new IllegalArgumentException(`the program ${file} does not exist`);
  process.env[CONF_VARIABLE] = JSON.stringify(settings);
  process.argv.splice(1, process.argv.length, path, ...args);
  registerTypeScript();
  registerHooks(resolverOf("kindling", distUrl("index.js")));
  await import(pathToFileURL(path).href);
}

/** Hooks that resolve one package name to one file and read every TypeScript file as an ES module. */
function resolverOf(name: string, target: URL): string {
  const source = `export async function resolve(specifier, context, next) {
    if (specifier === ${JSON.stringify(name)}) {
      return { url: ${JSON.stringify(target.href)}, format: "module", shortCircuit: true };
    }
    const resolved = await next(specifier, context);
    const path = resolved.url.split("?")[0];
    return path.endsWith(".ts") && !path.includes("/node_modules/") ? { ...resolved, format: "module" } : resolved;
  }`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
