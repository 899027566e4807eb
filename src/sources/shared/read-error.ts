import { SparkException } from "../../common/index.js";

/** What Spark reports when a task fails in a data file; the reason is the cause. */
export const failedReadFile = (path: string, cause: unknown): SparkException =>
  new SparkException(`Encountered error while reading file ${path}.`, {
    condition: "FAILED_READ_FILE.NO_HINT",
    sqlState: "KD001",
    parameters: { path },
    cause,
  });

/** A file that was there when the job was planned. */
export const missingFile = (path: string, cause: unknown): SparkException =>
  new SparkException(
    `Encountered error while reading file ${path}. File does not exist. It is possible the underlying files have been ` +
      "updated; read the data again by recreating the DataFrame.",
    { condition: "FAILED_READ_FILE.FILE_NOT_EXIST", sqlState: "KD001", parameters: { path }, cause },
  );

/** Whether option `name` is set to true. */
export const isOn = (options: Readonly<Record<string, string>>, name: string): boolean =>
  options[name]?.toLowerCase() === "true";
