import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { InvalidInputException, IOException } from "../../common/index.js";
import type { InputFile } from "./file-split.js";
import { globPaths, splitPaths } from "./hadoop-glob.js";

/** A local path from a path or a `file:` URL. */
export const localPath = (path: string): string => resolve(path.replace(/^file:(\/\/)?(?=\/)/, ""));

/** A path as Hadoop names it. */
export const hadoopPath = (path: string): string => `file:${resolve(path)}`;

const isHidden = (path: string): boolean => /^[._]/.test(basename(path));

/**
 * The files that a list of paths and patterns, separated by commas, stands for: files themselves, and files directly in the
 * directories; names that begin with `.` or `_` are left out.
 * Throws `InvalidInputException` for what does not exist and `IOException` for directories inside directories.
 */
export async function listInput(paths: string): Promise<InputFile[]> {
  const files: InputFile[] = [];
  const problems: string[] = [];
  for (const path of splitPaths(paths)) {
    const local = localPath(path);
    const roots = await globPaths(local, (root) => !isHidden(root));
    if (!roots) problems.push(`Input path does not exist: ${hadoopPath(local)}`);
    else if (roots.length === 0) problems.push(`Input Pattern ${hadoopPath(local)} matches 0 files`);
    else for (const root of roots) files.push(...(await filesOf(root)));
  }
  if (problems.length > 0) {
    throw new InvalidInputException(problems.join("\n"), { cause: new IOException(problems.join("\n")) });
  }
  return files;
}

async function filesOf(root: string): Promise<InputFile[]> {
  const info = await stat(root);
  if (!info.isDirectory()) return [{ path: root, size: info.size }];
  const names = (await readdir(root)).filter((name) => !isHidden(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(root, name);
      const inside = await stat(path);
      if (inside.isDirectory())
        throw new IOException(`Path: ${hadoopPath(path)} is a directory, which is not supported`);
      return { path, size: inside.size };
    }),
  );
}
