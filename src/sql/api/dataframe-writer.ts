import { randomUUID } from "node:crypto";
import { rename, rm, stat, writeFile, mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { AnalysisException } from "../../common/index.js";
import { quoted, sameName } from "../analyzer/index.js";
import type { Expression } from "../expressions/index.js";
import { childrenOf, outputOf, type LogicalPlan } from "../plan/index.js";
import { writeFiles, type WrittenFile } from "../physical/index.js";
import { stringType, StructField, StructType } from "../types/index.js";
import type { DataFrame } from "./dataframe.js";
import { formatNamed, type OptionValue } from "./named-format.js";
import { alreadyExists, attributesNamed } from "./derived-plans.js";
import { localPath } from "./file-listing.js";
import type { RunOptions } from "./session-state.js";

export type SaveMode = "errorifexists" | "append" | "overwrite" | "ignore";
const modes: Readonly<Record<string, SaveMode>> = {
  error: "errorifexists",
  errorifexists: "errorifexists",
  default: "errorifexists",
  append: "append",
  overwrite: "overwrite",
  ignore: "ignore",
};

/** `df.write`: saves rows as a directory of part files. */
export class DataFrameWriter {
  private source = "parquet";
  private saveMode: SaveMode = "errorifexists";
  private partitionColumns: readonly string[] = [];
  private readonly settings = new Map<string, string>();

  constructor(private readonly df: DataFrame) {}

  format(source: string): this {
    this.source = source;
    return this;
  }
  /** What to do when the path exists: "errorifexists" (default), "append", "overwrite", "ignore". */
  mode(mode: string): this {
    const known = modes[mode.toLowerCase()];
    if (!known) {
      throw new AnalysisException(
        `The specified save mode "${mode}" is invalid. Valid save modes include "append", "overwrite", "ignore", "error", "errorifexists", and "default".`,
        { condition: "INVALID_SAVE_MODE", sqlState: "42000", parameters: { mode: `"${mode}"` } },
      );
    }
    this.saveMode = known;
    return this;
  }
  option(name: string, value: OptionValue): this {
    if (value !== null && value !== undefined) this.settings.set(name.toLowerCase(), String(value));
    return this;
  }
  options(options: Readonly<Record<string, OptionValue>>): this {
    for (const [name, value] of Object.entries(options)) this.option(name, value);
    return this;
  }
  /** One directory `column=value` for each value of these columns, which then are not in the files. */
  partitionBy(...columns: readonly (string | readonly string[])[]): this {
    this.partitionColumns = columns.flat();
    return this;
  }

  csv(path: string, options: RunOptions = {}): Promise<void> {
    return this.format("csv").save(path, options);
  }
  json(path: string, options: RunOptions = {}): Promise<void> {
    return this.format("json").save(path, options);
  }
  parquet(path: string, options: RunOptions = {}): Promise<void> {
    return this.format("parquet").save(path, options);
  }
  text(path: string, options: RunOptions = {}): Promise<void> {
    return this.format("text").save(path, options);
  }

  /** Runs the job. Tasks write into a directory of their own, which takes its place only when all are done. */
  async save(path?: string, run: RunOptions = {}): Promise<void> {
    const given = path ?? this.settings.get("path");
    if (given === undefined) {
      throw new AnalysisException("'path' is not specified; call save(path).", {
        condition: "_LEGACY_ERROR_TEMP_2045",
      });
    }
    const format = formatNamed(this.source);
    const options = Object.fromEntries(this.settings);
    const target = localPath(given);
    const plan = await this.df.analyzed();
    const exists = await stat(target).then(
      () => true,
      () => false,
    );
    if (exists && this.saveMode === "errorifexists") throw pathExists(target);
    if (exists && this.saveMode === "ignore") return;
    const { state } = this.df.sparkSession;
    const caseSensitive = state.conf.value("caseSensitive");
    const output = outputOf(plan);
    output.forEach((a, i) => {
      if (output.slice(0, i).some((b) => sameName(a.name, b.name, caseSensitive)))
        throw alreadyExists(a.name.toLowerCase());
    });
    const keys = this.partitionColumns.map((name) => attributesNamed(plan, [`\`${name}\``], caseSensitive)[0]);
    if (keys.length > 0 && keys.length === output.length) throw allPartitioned();
    const data = output.filter((a) => !keys.some((key) => key.id === a.id));
    const schema = new StructType(data.map((a) => new StructField(a.name, a.type, a.nullable, a.metadata)));
    format.validate?.(schema, options, true);
    if (this.saveMode === "overwrite" && readsFrom(plan, target)) throw overwritesInput(target);
    const texts = keys.map((a): Expression => ({
      kind: "alias",
      name: a.name,
      child: { kind: "cast", child: a, type: stringType, lenient: false },
    }));
    const rows = await state.analyzer.analyze({ kind: "project", child: plan, expressions: [...data, ...texts] });

    const jobId = randomUUID();
    const append = exists && this.saveMode === "append";
    const staging = append
      ? join(target, `_temporary-${jobId}`)
      : join(dirname(target), `.${basename(target)}-${jobId}`);
    await mkdir(staging, { recursive: true });
    try {
      const written = await state.run("save", rows, run, async ({ partitions }, context) => {
        const request = {
          format: format.name,
          schema: schema.jsonValue(),
          options,
          directory: staging,
          jobId,
          partitionBy: keys.map((a) => a.name),
          timeZone: options.timezone ?? state.conf.value("timeZone"),
        };
        // A frame without partitions still leaves its schema behind.
        const tasks = partitions.length > 0 || keys.length > 0 ? partitions : [{ op: "blocks", pieces: [] }];
        return (await context.runStage("write", tasks, writeFiles, request)).flat();
      });
      await commit(staging, target, append, written);
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }
}

/** Moves the finished files into place; an overwritten directory is only removed once the new one stands. */
async function commit(
  staging: string,
  target: string,
  append: boolean,
  written: readonly WrittenFile[],
): Promise<void> {
  if (append) {
    for (const { path } of written) {
      await mkdir(dirname(join(target, path)), { recursive: true });
      await rename(join(staging, path), join(target, path));
    }
    await writeFile(join(target, "_SUCCESS"), "");
    return;
  }
  await writeFile(join(staging, "_SUCCESS"), "");
  const old = `${staging}-old`;
  const replaced = await rename(target, old).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
  try {
    await rename(staging, target);
  } catch (error) {
    if (replaced) await rename(old, target);
    throw error;
  }
  if (replaced) await rm(old, { recursive: true, force: true });
}

function readsFrom(plan: LogicalPlan, target: string): boolean {
  if (plan.kind === "files")
    return plan.files.some((file) => file.path === target || file.path.startsWith(`${target}/`));
  return childrenOf(plan).some((child) => readsFrom(child, target));
}

const pathExists = (path: string): AnalysisException =>
  new AnalysisException(`Path file:${path} already exists. Set mode as "overwrite" to overwrite the existing path.`, {
    condition: "PATH_ALREADY_EXISTS",
    sqlState: "42K04",
    parameters: { outputPath: `file:${path}` },
  });
const overwritesInput = (path: string): AnalysisException =>
  new AnalysisException(
    `Can't overwrite the target that is also being read from: ${quoted([path])}; write to another path.`,
    {
      condition: "UNSUPPORTED_OVERWRITE.PATH",
      sqlState: "42902",
      parameters: { path },
    },
  );
const allPartitioned = (): AnalysisException =>
  new AnalysisException("Cannot use all columns for partition columns.", {
    condition: "ALL_PARTITION_COLUMNS_NOT_ALLOWED",
    sqlState: "KD005",
  });
