import type { Batch } from "../../columnar/index.js";
import type { StructType } from "../types/index.js";

/** Reader or writer options, keys lower-cased as Spark compares them. */
export type SourceOptions = Readonly<Record<string, string>>;

/** A comparison the scan may use to skip data; the filter runs again above the scan, so using it is optional. */
export interface PushedFilter {
  readonly column: string;
  readonly op: "=" | "<=>" | "<" | "<=" | ">" | ">=" | "isnull" | "isnotnull" | "in";
  /** Internal values (see `LiteralExpression.value`). */
  readonly values: readonly unknown[];
}

/** A file found below the paths that were asked for, with the values of its `key=value` directories. */
export interface SourceFile {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
  readonly partitionValues: Readonly<Record<string, string | null>>;
}

/** One task's share of the input: plain data, shipped to a worker. */
export interface InputSplit {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

export interface ReadRequest {
  readonly splits: readonly InputSplit[];
  /** Full schema of the data (without partition columns). */
  readonly schema: StructType;
  /** Columns to produce, in order (names of `schema`, of partition columns, or the corrupt-record column). */
  readonly columns: StructType;
  readonly filters: readonly PushedFilter[];
  readonly options: SourceOptions;
  /** Rows a batch at most. */
  readonly batchRows: number;
  readonly timeZone: string;
}

export interface WriteRequest {
  readonly schema: StructType;
  readonly options: SourceOptions;
  /** Where this task writes its one file; the committer moves it into place. */
  readonly path: string;
  readonly timeZone: string;
}

export interface FileWriter {
  write(batch: Batch): Promise<void>;
  close(): Promise<void>;
  /** Removes what was written. */
  abort(): Promise<void>;
}

/**
 * A file format: one folder under `src/sources`, one descriptor, registered by name.
 * Runs on the driver: `inferSchema`, `splits`. Runs on workers: `read`, `openWriter`.
 */
export interface FileFormat {
  readonly name: string;
  /** Options with Spark's defaults and one-sentence docs; unknown options are ignored, as in Spark. */
  readonly options: readonly SourceOption[];
  /** Session settings that act as options under their own name (lower-cased) where the option is not given. */
  readonly settings?: readonly string[];
  /** e.g. `.csv`, or `.csv.gz` with compression, `.snappy.parquet`. */
  extension(options: SourceOptions): string;
  /** Schema of the files; reads as little as the options allow. */
  inferSchema(files: readonly SourceFile[], options: SourceOptions, timeZone: string): Promise<StructType>;
  /** Checks a user's schema and options before any task starts; throws Spark's condition. */
  validate?(schema: StructType, options: SourceOptions, forWrite: boolean): void;
  /** Cuts files into splits of about `maxBytes`; a format that cannot be cut returns one split a file. */
  splits(files: readonly SourceFile[], options: SourceOptions, maxBytes: number): Promise<InputSplit[]>;
  read(request: ReadRequest): AsyncIterable<Batch>;
  openWriter(request: WriteRequest): Promise<FileWriter>;
}

export interface SourceOption {
  readonly name: string;
  readonly default: string | null;
  readonly doc: string;
  readonly scope: "read" | "write" | "both";
}

const formats = new Map<string, FileFormat>();

/** Registers a file format under its name and returns it. */
export function defineFileFormat(format: FileFormat): FileFormat {
  formats.set(format.name.toLowerCase(), format);
  return format;
}
export const fileFormat = (name: string): FileFormat | undefined => formats.get(name.toLowerCase());
export const fileFormats = (): readonly FileFormat[] => [...formats.values()];

/** The options with the format's session settings filled in; `setting` looks one up. */
export function withSettings(
  format: FileFormat,
  options: SourceOptions,
  setting: (name: string) => string | undefined,
): SourceOptions {
  const all: Record<string, string> = { ...options };
  for (const name of format.settings ?? []) {
    const value = setting(name);
    if (value !== undefined) all[name.toLowerCase()] ??= value;
  }
  return all;
}
