import { randomUUID } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AnalysisException, IOException } from "../../common/index.js";

/** Writes `<dir>/metadata` as Spark does: one part file with one line of JSON, and `_SUCCESS`. */
export async function writeMetadata(dir: string, json: string): Promise<void> {
  if (/[\r\n]/.test(json)) throw new RangeError("model metadata must be one line: Spark reads the first line only");
  const folder = join(dir, "metadata");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `part-00000-${randomUUID()}-c000.txt`), `${json}\n`, { flag: "wx" });
  await writeFile(join(folder, "_SUCCESS"), "");
}

/** The line of JSON in `<dir>/metadata`, from whichever part file holds it (Spark 3.5 names it `part-00000`). */
export async function readMetadata(dir: string): Promise<string> {
  const folder = join(dir, "metadata");
  for (const name of await partFiles(folder)) {
    const text = await readFile(join(folder, name), "utf8");
    const end = text.search(/[\r\n]/);
    const line = end < 0 ? text : text.slice(0, end);
    if (line !== "") return line;
  }
  throw new IOException(`Model metadata in ${folder} is empty; save the model again`);
}

/** Names of the data files of a directory that Spark or kindling wrote, in order. */
export async function partFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new AnalysisException(`Path does not exist: ${folder}.`, {
      condition: "PATH_NOT_FOUND",
      sqlState: "42K03",
      parameters: { path: folder },
      cause,
    });
  });
  return names.filter((name) => !/^[._]/.test(name)).sort();
}
