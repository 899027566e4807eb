import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type SavedModelExpectation } from "./case.js";
import { Comparison, Tolerance } from "./compare.js";
import { compareAttributes, compareParams } from "./attributes.js";
import type { CaseContext } from "./fit-case.js";
import { throughDisk } from "./persistence.js";
import { compareTable } from "./table.js";
import type { DataFrameLike, StageLike } from "./api.js";

/** A directory that Spark saved: loads, answers as it did there, and again after kindling has saved it. */
export async function runSavedModel(
  context: CaseContext,
  directory: string,
  expected: SavedModelExpectation,
): Promise<Comparison> {
  const { k, data } = context;
  const loader = k.classOf(expected.class);
  for (const name of nestedClasses(directory)) k.classOf(name);
  // Spark reloaded its model for these answers, so only the rounding of the arithmetic is left.
  const comparison = new Comparison(new Tolerance(1e-9, 1e-9, true));
  const metadata = readMetadata(directory);
  comparison.value("sparkClass", expected.sparkClass, metadata.class);
  if (expected.sparkVersion) comparison.value("sparkVersion", expected.sparkVersion, metadata.sparkVersion);
  const input = expected.input && (await data.build(expected.input, context.partitions ?? 1));
  const compare = async (stage: StageLike, prefix: string): Promise<void> => {
    comparison.value(`${prefix}class`, expected.class, stage.constructor.name);
    if (isObject(expected.params)) compareParams(k, comparison, `${prefix}params`, expected.params, stage);
    if (isObject(expected.model)) await compareAttributes(k, comparison, `${prefix}model`, expected.model, stage);
    if (expected.transform && input) {
      const output = stage.transform(input) as DataFrameLike;
      await compareTable(k, comparison, `${prefix}transform`, expected.transform, output);
    }
  };
  const stage = (await loader.load(directory)) as StageLike;
  await compare(stage, "");
  await throughDisk(k, stage, (loaded) => compare(loaded, "resaved."));
  return comparison;
}

/** Simple names of the classes of all stages saved below a directory. */
function nestedClasses(directory: string): string[] {
  const folders = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.flatMap(({ name }) => {
    if (name === "metadata") {
      const { class: saved } = readMetadata(directory);
      return saved ? [saved.slice(saved.lastIndexOf(".") + 1)] : [];
    }
    return nestedClasses(join(directory, name));
  });
}

/** The one line of JSON that Spark writes about a saved stage. */
export function readMetadata(directory: string): { class: string; sparkVersion: string } {
  const folder = join(directory, "metadata");
  const part = readdirSync(folder).find((file) => file.startsWith("part-"));
  if (part === undefined) throw new Error(`${folder} holds no part file`);
  return JSON.parse(readFileSync(join(folder, part), "utf8")) as { class: string; sparkVersion: string };
}
