import { cpSync, existsSync, mkdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { IllegalArgumentException } from "../common/index.js";
import { definePortableClass } from "../exec/closure/index.js";

/** Paths of files that were added with `sc.addFile`; it travels inside functions. */
export class SparkFilesDirectory {
  constructor(private root: string | undefined) {}

  /** Where the files lie. */
  getRootDirectory(): string {
    if (this.root !== undefined) return this.root;
    throw new IllegalArgumentException("No file was added; call sc.addFile(path) first.");
  }
  /** Path of an added file by its name. */
  get(fileName: string): string {
    return join(this.getRootDirectory(), fileName);
  }

  /** Not part of Spark's API: `sc.addFile` copies files here. */
  add(path: string, recursive: boolean, root: string): string {
    const from = path.startsWith("file:") ? fileURLToPath(path) : path;
    if (!existsSync(from)) {
      throw new IllegalArgumentException(`File ${path} does not exist.`, { parameters: { path } });
    }
    if (statSync(from).isDirectory() && !recursive) {
      throw new IllegalArgumentException(`Added file ${path} is a directory and recursive is not turned on.`, {
        condition: "UNSUPPORTED_ADD_FILE.DIRECTORY",
        parameters: { path },
      });
    }
    this.root = root;
    mkdirSync(root, { recursive: true });
    cpSync(from, join(root, basename(from)), { recursive });
    return basename(from);
  }
}

/** The files of the context that added some last. */
export const SparkFiles = new SparkFilesDirectory(undefined);

definePortableClass<SparkFilesDirectory>({
  name: "SparkFiles",
  matches: (value): value is SparkFilesDirectory => value instanceof SparkFilesDirectory,
  take: (files) => files.getRootDirectory(),
  make: (root) => new SparkFilesDirectory(root as string),
});
