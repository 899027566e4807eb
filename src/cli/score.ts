import { readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { cancelOnInterrupt } from "./cancel-on-interrupt.js";
import { IllegalArgumentException, loadStage, SparkSession, Transformer } from "../index.js";

export interface ScoreOptions {
  readonly model: string;
  readonly input: string;
  readonly output: string;
  readonly inputFormat?: string;
  readonly format: string;
  readonly option: Readonly<Record<string, string>>;
  readonly schema?: string;
  readonly select?: readonly string[];
  readonly partitionBy?: readonly string[];
  readonly mode: "error" | "overwrite" | "append" | "ignore";
  readonly master: string;
  readonly conf: Readonly<Record<string, string>>;
}

/** Reads, transforms with the saved stage and writes: batch scoring without code. */
export async function score(options: ScoreOptions): Promise<void> {
  cancelOnInterrupt();
  const builder = SparkSession.builder.master(options.master).appName("kindling score");
  for (const [key, value] of Object.entries(options.conf)) builder.config(key, value);
  await using spark = builder.getOrCreate();
  const model = await loadStage(options.model);
  if (!(model instanceof Transformer)) {
    throw new IllegalArgumentException(
      `${options.model} holds ${model.uid}, which cannot score; fit it first and save the model it returns`,
    );
  }
  const format = options.inputFormat ?? formatOf(options.input);
  let reader = spark.read.format(format).options({ ...defaults[format], ...options.option });
  if (options.schema !== undefined) reader = reader.schema(options.schema);
  const scored = model.transform(reader.load(options.input));
  const chosen = options.select ? scored.select(...options.select) : scored;
  const writer = chosen.write.format(options.format).mode(options.mode);
  if (options.format === "csv") writer.option("header", "true");
  await (options.partitionBy ? writer.partitionBy(...options.partitionBy) : writer).save(options.output);
}

const defaults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  csv: { header: "true", inferSchema: "true" },
};

const formats: Readonly<Record<string, string>> = {
  ".parquet": "parquet",
  ".csv": "csv",
  ".tsv": "csv",
  ".json": "json",
  ".jsonl": "json",
  ".ndjson": "json",
  ".libsvm": "libsvm",
};

/** The format that a file's name, or that of the first data file in a folder, tells. */
function formatOf(path: string): string {
  const name = statSync(path).isDirectory() ? firstDataFile(path) : path;
  const format = formats[extname(name.replace(/\.gz$/, ""))];
  if (!format) throw new IllegalArgumentException(`cannot tell the format of ${path}; name it with --input-format`);
  return format;
}

function firstDataFile(folder: string): string {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (/^[._]/.test(entry.name)) continue;
    const path = join(folder, entry.name);
    const found = entry.isDirectory() ? firstDataFile(path) : path;
    if (found !== "") return found;
  }
  return "";
}
