import { SparkException } from "../../common/index.js";
import { fileFormat, type FileFormat } from "../source/index.js";

/** Value of a reader's or writer's option; null and undefined leave the default. */
export type OptionValue = string | number | boolean | null | undefined;

/** The format of this name; throws Spark's error when there is none. */
export function formatNamed(name: string): FileFormat {
  const format = fileFormat(name);
  if (format) return format;
  throw new SparkException(
    `Failed to find the data source: ${name}. Make sure the provider name is correct and the package is properly registered and compatible with your Spark version.`,
    { condition: "DATA_SOURCE_NOT_FOUND", sqlState: "42K02", parameters: { provider: name } },
  );
}
