import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { AnalysisException } from "../../common/index.js";
import type { SourceFile } from "../source/index.js";
import { globbed, hasGlob, globRegExp } from "./glob.js";

export interface ListingOptions {
  readonly recursive: boolean;
  /** Glob that file names must match. */
  readonly pathGlobFilter?: string;
  /** Directory from which `key=value` parts count. */
  readonly basePath?: string;
}

/** All data files below the paths, with the values of their `key=value` directories; hidden files are left out. */
export async function listFiles(paths: readonly string[], options: ListingOptions): Promise<SourceFile[]> {
  const filter = options.pathGlobFilter === undefined ? undefined : globRegExp(options.pathGlobFilter);
  const files: SourceFile[] = [];
  for (const path of paths) {
    const local = localPath(path);
    const roots = hasGlob(local) ? await globbed(local) : [local];
    if (roots.length === 0) throw pathNotFound(local);
    for (const root of roots) {
      const info = await stat(root).catch(() => undefined);
      if (!info) throw pathNotFound(local);
      const base = options.basePath === undefined ? undefined : localPath(options.basePath);
      const values = base !== undefined && root.startsWith(base) ? valuesOf(root.slice(base.length)) : {};
      if (info.isDirectory()) files.push(...(await below(root, values, options)));
      else files.push({ path: root, size: info.size, modified: info.mtimeMs, partitionValues: values });
    }
  }
  return filter ? files.filter((file) => filter.test(basename(file.path))) : files;
}

async function below(
  directory: string,
  values: Readonly<Record<string, string | null>>,
  options: ListingOptions,
): Promise<SourceFile[]> {
  const entries = (await readdir(directory, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: SourceFile[][] = await Promise.all(
    entries.map(async (entry): Promise<SourceFile[]> => {
      const path = join(directory, entry.name);
      const part = partitionOf(entry.name);
      if (/^[._]/.test(entry.name) && !part) return [];
      const info = await stat(path);
      if (!info.isDirectory()) return [{ path, size: info.size, modified: info.mtimeMs, partitionValues: values }];
      if (options.recursive) return below(path, {}, options);
      return part ? below(path, { ...values, [part[0]]: part[1] }, options) : nested(path, values, options);
    }),
  );
  return found.flat();
}

/** A directory that is no partition: Spark does not look into it, unless partitions follow below. */
const nested = async (
  path: string,
  values: Readonly<Record<string, string | null>>,
  options: ListingOptions,
): Promise<SourceFile[]> =>
  (await below(path, values, options)).filter(
    (file) => Object.keys(file.partitionValues).length > Object.keys(values).length,
  );

function partitionOf(name: string): [string, string | null] | undefined {
  const at = name.indexOf("=");
  if (at <= 0) return undefined;
  const value = unescapePath(name.slice(at + 1));
  return [unescapePath(name.slice(0, at)), value === "__HIVE_DEFAULT_PARTITION__" ? null : value];
}

const unescapePath = (text: string): string =>
  text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

const valuesOf = (path: string): Record<string, string | null> =>
  Object.fromEntries(path.split("/").flatMap((part) => (partitionOf(part) ? [partitionOf(part)!] : [])));

/** A local path from a path or a `file:` URL. */
export const localPath = (path: string): string => resolve(path.replace(/^file:(\/\/)?(?=\/)/, ""));

export const pathNotFound = (path: string): AnalysisException =>
  new AnalysisException(`Path does not exist: file:${path}.`, {
    condition: "PATH_NOT_FOUND",
    sqlState: "42K03",
    parameters: { path: `file:${path}` },
  });
