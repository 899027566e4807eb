import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { FileAlreadyExistsException, IllegalArgumentException } from "../../common/index.js";
import { ChecksumFile, checksumPath } from "./checksum-file.js";
import { hadoopPath, localPath } from "./list-input.js";

const TEMPORARY = "_temporary";

/** Name of the file of one partition. */
export const partName = (partition: number, extension: string): string =>
  `part-${String(partition).padStart(5, "0")}${extension}`;

/** Where a task writes before it is known to be the one whose output counts. */
export function attemptDirectory(directory: string, taskAttemptId: number): string {
  const path = join(directory, TEMPORARY, "0", TEMPORARY, `attempt_${taskAttemptId}`);
  mkdirSync(path, { recursive: true });
  return path;
}

/**
 * A directory that a job fills: its tasks write below `_temporary`, and once all of them are done the files of one successful
 * attempt of each are moved in and `_SUCCESS` is written. A failed job leaves no part file.
 * Throws `FileAlreadyExistsException` when the directory exists.
 */
export async function writeDirectory(
  path: string,
  run: (directory: string) => Promise<readonly (readonly [taskAttemptId: number, fileName: string])[]>,
): Promise<void> {
  if (path === "") throw new IllegalArgumentException("Can not create a Path from an empty string");
  const directory = localPath(path);
  if (existsSync(directory)) {
    throw new FileAlreadyExistsException(
      `Output directory ${hadoopPath(directory)} already exists; remove it or choose another one.`,
    );
  }
  const temporary = join(directory, TEMPORARY);
  mkdirSync(temporary, { recursive: true });
  try {
    for (const [attempt, name] of await run(directory)) {
      const from = join(attemptDirectory(directory, attempt), name);
      renameSync(from, join(directory, name));
      renameSync(checksumPath(from), checksumPath(join(directory, name)));
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  new ChecksumFile(join(directory, "_SUCCESS")).close();
}
