import { readdir } from "node:fs/promises";
import { join } from "node:path";

export const hasGlob = (path: string): boolean => /[*?[{]/.test(path);

/** A path segment's pattern: `*`, `?`, `[abc]`, `{a,b}`. */
export function globRegExp(glob: string): RegExp {
  let source = "";
  let depth = 0;
  for (let i = 0; i < glob.length; i++) {
    const c = glob[i];
    if (c === "*") source += "[^/]*";
    else if (c === "?") source += "[^/]";
    else if (c === "[") {
      const end = glob.indexOf("]", i + 1);
      if (end < 0) source += "\\[";
      else {
        source += `[${glob.slice(i + 1, end).replace(/^!/, "^")}]`;
        i = end;
      }
    } else if (c === "{") {
      depth++;
      source += "(?:";
    } else if (c === "}" && depth > 0) {
      depth--;
      source += ")";
    } else if (c === "," && depth > 0) source += "|";
    else source += c.replace(/[.+^$()|\\{}\]]/g, "\\$&");
  }
  return new RegExp(`^${source}$`);
}

/** Existing paths that an absolute pattern matches, sorted. */
export async function globbed(pattern: string): Promise<string[]> {
  let found = ["/"];
  for (const segment of pattern.split("/").filter((part) => part !== "")) {
    const next: string[] = [];
    const regex = hasGlob(segment) ? globRegExp(segment) : undefined;
    for (const directory of found) {
      if (!regex) {
        next.push(join(directory, segment));
        continue;
      }
      const names = await readdir(directory).catch((): string[] => []);
      next.push(
        ...names.filter((name) => regex.test(name) && !/^[._]/.test(name)).map((name) => join(directory, name)),
      );
    }
    found = next;
  }
  return found.sort();
}
