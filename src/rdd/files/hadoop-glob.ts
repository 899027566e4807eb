import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";

const WILDCARDS = /[*?[{]/;
const isWild = (text: string): boolean => WILDCARDS.test(text.replace(/\\./g, ""));

/** Splits at commas that are not inside braces, as Hadoop splits a list of input paths. */
export function splitPaths(text: string): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const char of text) {
    if (char === "{") depth++;
    else if (char === "}") depth--;
    if (char === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts.filter((part) => part !== "");
}

/** Pattern of one path component: `*`, `?`, `[a-c]`, `[^a]`, `{a,b}`; a backslash takes the next character as it is. */
export function globComponent(glob: string): RegExp {
  let pattern = "";
  let depth = 0;
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i];
    if (char === "\\" && i + 1 < glob.length) pattern += escape(glob[++i]);
    else if (char === "*") pattern += ".*";
    else if (char === "?") pattern += ".";
    else if (char === "{") {
      depth++;
      pattern += "(?:";
    } else if (char === "}" && depth > 0) {
      depth--;
      pattern += ")";
    } else if (char === "," && depth > 0) pattern += "|";
    else if (char === "[") {
      const end = glob.indexOf("]", i + 2);
      if (end < 0) pattern += "\\[";
      else {
        const body = glob
          .slice(i + 1, end)
          .replace(/^!/, "^")
          .replace(/[\\\]]/g, "\\$&");
        pattern += `[${body}]`;
        i = end;
      }
    } else pattern += escape(char);
  }
  return new RegExp(`^${pattern}$`, "s");
}
const escape = (char: string): string => char.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

/** A brace group may hold slashes: `{a/b,c}` stands for two paths. */
function expandSlashedBraces(glob: string): string[] {
  const open = glob.search(/\{[^{}]*\/[^{}]*\}/);
  if (open < 0) return [glob];
  const close = glob.indexOf("}", open);
  return glob
    .slice(open + 1, close)
    .split(",")
    .flatMap((choice) => expandSlashedBraces(glob.slice(0, open) + choice + glob.slice(close + 1)));
}

/** Paths that exist, match and are accepted, sorted; undefined when the text is no pattern and nothing is there. */
export async function globPaths(text: string, accept: (path: string) => boolean): Promise<string[] | undefined> {
  const patterns = expandSlashedBraces(text);
  const found = new Set<string>();
  for (const pattern of patterns) {
    let paths = ["/"];
    for (const component of resolve(pattern).split("/").filter(Boolean)) {
      const next: string[] = [];
      for (const parent of paths) {
        if (!isWild(component)) next.push(join(parent, component.replace(/\\(.)/g, "$1")));
        else {
          const names = await readdir(parent).catch(() => [] as string[]);
          const matches = globComponent(component);
          for (const name of names) if (matches.test(name)) next.push(join(parent, name));
        }
      }
      paths = next;
    }
    for (const path of paths.filter(accept)) {
      const exists = await stat(path).then(
        () => true,
        () => false,
      );
      if (exists) found.add(path);
    }
  }
  if (found.size === 0 && patterns.length === 1 && !isWild(text)) return undefined;
  return [...found].sort();
}
