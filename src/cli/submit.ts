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
  registerHooks(resolverOf("kindling", distUrl("index.js")));
  registerTypeScript();
  await import(pathToFileURL(path).href);
}

/** A module that resolves one package name to one file and leaves all others alone. */
function resolverOf(name: string, target: URL): string {
  const source = `export const resolve = (specifier, context, next) =>
    specifier === ${JSON.stringify(name)}
      ? { url: ${JSON.stringify(target.href)}, format: "module", shortCircuit: true }
      : next(specifier, context);`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
