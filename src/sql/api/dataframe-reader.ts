import { AnalysisException } from "../../common/index.js";
import { sameName } from "../analyzer/index.js";
import { captureCallSite, newPlanId, type LogicalPlan } from "../plan/index.js";
import { type FileFormat, type SourceFile, withSettings } from "../source/index.js";
import { parseDDL, StructField, StructType } from "../types/index.js";
import { DataFrame } from "./dataframe.js";
import { listFiles } from "./file-listing.js";
import { attributesOf } from "./local-relation.js";
import { formatNamed, type OptionValue } from "./named-format.js";
import { partitionSchema } from "./partition-schema.js";
import type { SparkSession } from "./spark-session.js";

/** `spark.read`: describes a source and loads it as a DataFrame. Nothing is read before an action. */
export class DataFrameReader {
  private source = "parquet";
  private userSchema: StructType | undefined;
  private readonly settings = new Map<string, string>();

  constructor(private readonly session: SparkSession) {}

  format(source: string): this {
    this.source = source;
    return this;
  }
  /** The columns, as a StructType or DDL such as "a INT, b STRING"; saves reading the data to infer them. */
  schema(schema: StructType | string): this {
    this.userSchema = typeof schema === "string" ? parseDDL(schema) : schema;
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

  csv(path: string | readonly string[], options: Readonly<Record<string, OptionValue>> = {}): DataFrame {
    return this.format("csv")
      .options(options)
      .loadFrom([path].flat() as string[], this.csv);
  }
  json(path: string | readonly string[], options: Readonly<Record<string, OptionValue>> = {}): DataFrame {
    return this.format("json")
      .options(options)
      .loadFrom([path].flat() as string[], this.json);
  }
  parquet(...paths: readonly string[]): DataFrame {
    return this.format("parquet").loadFrom(paths, this.parquet);
  }
  text(path: string | readonly string[], options: Readonly<Record<string, OptionValue>> = {}): DataFrame {
    return this.format("text")
      .options(options)
      .loadFrom([path].flat() as string[], this.text);
  }
  libsvm(path: string | readonly string[], options: Readonly<Record<string, OptionValue>> = {}): DataFrame {
    return this.format("libsvm")
      .options(options)
      .loadFrom([path].flat() as string[], this.libsvm);
  }
  /** Loads files or directories; patterns with `*`, `?`, `[...]` and `{...}` are allowed. */
  load(path?: string | readonly string[]): DataFrame {
    return this.loadFrom(path === undefined ? [] : ([path].flat() as string[]), this.load);
  }

  private loadFrom(paths: readonly string[], method: (...args: never[]) => unknown): DataFrame {
    const { session, userSchema } = this;
    session.state.assertRunning();
    const format = formatNamed(this.source);
    const options = withSettings(format, Object.fromEntries(this.settings), (name) => session.state.conf.get(name));
    const all = [...paths, ...(options.path === undefined ? [] : [options.path])];
    if (userSchema) format.validate?.(userSchema, options, false);
    let relation: Promise<LogicalPlan> | undefined;
    return new DataFrame(session, {
      kind: "derived",
      name: `${format.name} scan`,
      children: [],
      planId: newPlanId(),
      origin: captureCallSite(method),
      // The files are listed once, so that every action on this DataFrame sees the same data.
      build: () => (relation ??= relationOf(session, format, all, options, userSchema)),
    });
  }
}

async function relationOf(
  session: SparkSession,
  format: FileFormat,
  paths: readonly string[],
  options: Readonly<Record<string, string>>,
  userSchema: StructType | undefined,
): Promise<LogicalPlan> {
  const { conf } = session.state;
  const zone = options.timezone ?? conf.value("timeZone");
  const files = await listFiles(paths, {
    recursive: options.recursivefilelookup?.toLowerCase() === "true",
    ...(options.pathglobfilter === undefined ? {} : { pathGlobFilter: options.pathglobfilter }),
    ...(options.basepath === undefined ? {} : { basePath: options.basepath }),
  });
  const caseSensitive = conf.value("caseSensitive");
  const partitions = withUserTypes(partitionSchema(files, zone), userSchema, caseSensitive);
  const isPartition = (field: StructField): boolean =>
    partitions.fields.some((p) => sameName(p.name, field.name, caseSensitive));
  const data = userSchema ?? (await inferred(format, files, options, zone));
  // Files may say otherwise than their schema: what is read from them can be null (as Spark's readers have it).
  const schema = new StructType(
    data.fields
      .filter((field) => !isPartition(field))
      .map((f) => new StructField(f.name, f.dataType, true, f.metadata)),
  );
  return {
    kind: "files",
    output: attributesOf(new StructType([...schema.fields, ...partitions.fields])),
    format: format.name,
    files,
    schema,
    partitionSchema: partitions,
    options,
    filters: [],
  };
}

async function inferred(
  format: FileFormat,
  files: readonly SourceFile[],
  options: Readonly<Record<string, string>>,
  zone: string,
): Promise<StructType> {
  if (files.length === 0 && format.name !== "text") throw unableToInfer(format);
  return format.inferSchema(files, options, zone);
}

const unableToInfer = (format: FileFormat): AnalysisException =>
  new AnalysisException(`Unable to infer schema for ${format.name.toUpperCase()}. It must be specified manually.`, {
    condition: "UNABLE_TO_INFER_SCHEMA",
    sqlState: "42KD9",
    parameters: { format: format.name.toUpperCase() },
  });

function withUserTypes(partitions: StructType, userSchema: StructType | undefined, caseSensitive: boolean): StructType {
  if (!userSchema) return partitions;
  return new StructType(
    partitions.fields.map((field) => {
      const given = userSchema.fields.find((f) => sameName(f.name, field.name, caseSensitive));
      return given ? new StructField(field.name, given.dataType, true, given.metadata) : field;
    }),
  );
}
