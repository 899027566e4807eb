import { AnalysisException } from "../../common/index.js";
import type { StructType } from "../../sql/types/index.js";
import {
  defineFileFormat,
  type FileFormat,
  type InputSplit,
  type SourceFile,
  type SourceOptions,
} from "../../sql/source/index.js";
import { byteRanges } from "../shared/byte-ranges.js";
import { isOn } from "../shared/read-error.js";
import { writeCodec } from "./codecs.js";
import { readFooter } from "./footer.js";
import { mergeSchemas } from "./merge-schemas.js";
import { ParquetFileWriter } from "./parquet-file-writer.js";
import { readSplit } from "./read-split.js";
import { ROW_METADATA, sparkSchema } from "./spark-schema.js";
import { writePlan } from "./write-plan.js";

const DEFAULT_ROW_GROUP_BYTES = 134_217_728;

const codecOf = (options: SourceOptions) =>
  writeCodec(options.compression ?? options["parquet.compression"] ?? "snappy");

/** Apache Parquet, in Spark's own layout: https://spark.apache.org/docs/latest/sql-data-sources-parquet.html */
export const parquetFormat: FileFormat = defineFileFormat({
  name: "parquet",
  options: [
    { name: "mergeSchema", default: "false", doc: "Unite the schemas of all files.", scope: "read" },
    { name: "compression", default: "snappy", doc: "Codec of the column chunks.", scope: "write" },
    { name: "ignoreCorruptFiles", default: "false", doc: "Skip files that cannot be read.", scope: "read" },
    { name: "parquet.block.size", default: "134217728", doc: "Bytes of a row group before encoding.", scope: "write" },
  ],
  settings: [
    "spark.sql.parquet.mergeSchema",
    "spark.sql.caseSensitive",
    "spark.sql.legacy.parquet.nanosAsLong",
    "spark.sql.files.ignoreCorruptFiles",
    "spark.sql.files.ignoreMissingFiles",
  ],
  extension: (options) => `${codecOf(options).extension}.parquet`,

  async inferSchema(files, options) {
    const mergesAll = isOn(options, "mergeschema", "spark.sql.parquet.mergeschema");
    const candidates = mergesAll ? files : files.slice(0, 1);
    const ignoreCorrupt = isOn(options, "ignorecorruptfiles", "spark.sql.files.ignorecorruptfiles");
    let schema: StructType | undefined;
    for (const file of candidates) {
      const found = await schemaOf(file, ignoreCorrupt, isOn(options, "spark.sql.legacy.parquet.nanosaslong"));
      if (found) schema = schema ? mergeSchemas(schema, found) : found;
    }
    if (schema) return schema;
    throw new AnalysisException("Unable to infer schema for Parquet. It must be specified manually.", {
      condition: "UNABLE_TO_INFER_SCHEMA",
      sqlState: "42KD9",
      parameters: { format: "Parquet" },
    });
  },

  validate(schema, options, forWrite) {
    if (!forWrite) return;
    writePlan(schema);
    codecOf(options);
  },

  async splits(files, _options, maxBytes): Promise<InputSplit[]> {
    return files.flatMap((file) => byteRanges(file, maxBytes));
  },

  async *read(request) {
    for (const split of request.splits) yield* readSplit(split, request);
  },

  async openWriter({ schema, options, path }) {
    return ParquetFileWriter.open({
      path,
      ...writePlan(schema),
      keyValues: [
        { key: "org.apache.spark.version", value: "4.3.0" },
        { key: ROW_METADATA, value: schema.json() },
      ],
      codec: codecOf(options),
      rowGroupBytes: Number(options["parquet.block.size"] ?? DEFAULT_ROW_GROUP_BYTES),
    });
  },
});

async function schemaOf(
  file: SourceFile,
  ignoreCorrupt: boolean,
  nanosAsLong: boolean,
): Promise<StructType | undefined> {
  try {
    const { metadata, tree } = await readFooter(file);
    return sparkSchema(metadata, tree, nanosAsLong);
  } catch (error) {
    if (ignoreCorrupt) return undefined;
    throw error;
  }
}
