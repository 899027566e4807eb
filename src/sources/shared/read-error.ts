import { AnalysisException, SparkException } from "../../common/index.js";

/** A file that was there when the job was planned. */
const missingFile = (path: string, cause: unknown): SparkException =>
  new SparkException(
    `Encountered error while reading file ${path}. File does not exist. It is possible the underlying files have been ` +
      "updated; read the data again by recreating the DataFrame.",
    { condition: "FAILED_READ_FILE.FILE_NOT_EXIST", sqlState: "KD001", parameters: { path }, cause },
  );

/** What Spark reports when a task fails in a data file; the reason is the cause. */
export function failedReadFile(path: string, cause: unknown): SparkException {
  if ((cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT") return missingFile(path, cause);
  return new SparkException(`Encountered error while reading file ${path}.`, {
    condition: "FAILED_READ_FILE.NO_HINT",
    sqlState: "KD001",
    parameters: { path },
    cause,
  });
}

/** Whether options say to go on without the file that failed. */
export function isIgnored(options: Readonly<Record<string, string>>, error: unknown): boolean {
  const missing = (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
  return missing
    ? isOn(options, "ignoremissingfiles", "spark.sql.files.ignoremissingfiles")
    : isOn(options, "ignorecorruptfiles", "spark.sql.files.ignorecorruptfiles");
}

/** Whether the first of these options that is given (an option, then the setting behind it) is true. */
export const isOn = (options: Readonly<Record<string, string>>, ...names: string[]): boolean =>
  names
    .map((name) => options[name])
    .find((value) => value !== undefined)
    ?.toLowerCase() === "true";

/** Spark refuses queries that ask for the column of malformed records alone. */
export const onlyCorruptColumn = (): AnalysisException =>
  new AnalysisException(
    "Queries from raw JSON/CSV/XML files are disallowed when the referenced columns only include the internal corrupt " +
      "record column (named _corrupt_record by default). Cache or save the parsed results and query those.",
    { condition: "UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN", sqlState: "0A000" },
  );
