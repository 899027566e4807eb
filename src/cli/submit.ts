import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { CONF_VARIABLE, IllegalArgumentException } from "../common/index.js";
import { enableTypeScriptEverywhere } from "../exec/closure/index.js";
import { cancelOnInterrupt } from "./cancel-on-interrupt.js";

/**
 * Runs a program in this process with TypeScript and the given settings for its sessions.
 * `import ... from "kindling"` finds this installation, wherever the program lies. The first Ctrl-C cancels running jobs, the second exits.
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
  cancelOnInterrupt();
  await enableTypeScriptEverywhere();
  await import(pathToFileURL(path).href);
}
