#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { readFileSync } from "node:fs";
import { distUrl } from "../common/index.js";
import { score, type ScoreOptions } from "./score.js";
import { submit } from "./submit.js";

const FAILED = 1;
const BAD_USAGE = 2;

const version = (): string =>
  (JSON.parse(readFileSync(new URL("../package.json", distUrl("index.js")), "utf8")) as { version: string }).version;

/** Collects `--conf key=value` options. */
function setting(text: string, settings: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf("=");
  if (at <= 0) throw new InvalidArgumentError("expected key=value, e.g. spark.sql.shuffle.partitions=8");
  return { ...settings, [text.slice(0, at).trim()]: text.slice(at + 1).trim() };
}

const names = (text: string): string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

function commandLine(): Command {
  const program = new Command("kindling")
    .description("Spark for TypeScript: run programs, score data with saved pipelines.")
    .version(version(), "-v, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .exitOverride();

  program
    .command("submit")
    .alias("run")
    .description("run a TypeScript or JavaScript program")
    .argument("<file>", "the program")
    .argument("[args...]", "its arguments, found in process.argv.slice(2); put -- before those that submit knows, too")
    .option("--master <url>", "local, local[N], local[*] or local-cluster[executors,cores,MiB]")
    .option("--conf <key=value>", "a setting for SparkSession.builder (repeatable)", setting, {})
    .allowUnknownOption()
    .exitOverride()
    .action((file: string, args: string[], options: { master?: string; conf: Record<string, string> }) =>
      submit(file, args, {
        ...options.conf,
        ...(options.master === undefined ? {} : { "spark.master": options.master }),
      }),
    );

  program
    .command("score")
    .description("score data with a saved pipeline or model, without code")
    .requiredOption("--model <dir>", "a pipeline or model saved by kindling or Spark")
    .requiredOption("--input <path>", "the data: a file or a folder of files")
    .requiredOption("--output <dir>", "where to write the scored rows")
    .addOption(new Option("--input-format <name>", "format of the input; by default told from its file names"))
    .addOption(
      new Option("--format <name>", "format of the output").choices(["parquet", "csv", "json"]).default("parquet"),
    )
    .option("--option <key=value>", "an option of the reader, e.g. sep=; (repeatable)", setting, {})
    .option("--schema <ddl>", "schema of the input; by default inferred")
    .option("--select <columns>", "columns to write, separated by commas; by default all", names)
    .option("--partition-by <columns>", "columns that become folders of the output", names)
    .addOption(
      new Option("--mode <mode>", "what to do when the output exists")
        .choices(["error", "overwrite", "append", "ignore"])
        .default("error"),
    )
    .option("--master <url>", "local, local[N] or local[*]", "local[*]")
    .option("--conf <key=value>", "a session setting (repeatable)", setting, {})
    .exitOverride()
    .action((options: ScoreOptions) => score(options));
  return program;
}

try {
  await commandLine().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : BAD_USAGE;
  } else {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = FAILED;
  }
}
