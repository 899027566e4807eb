import { valueAt, type Batch, type Column } from "../../columnar/index.js";
import { IllegalArgumentException, IOException, javaDouble } from "../../common/index.js";
import type { Vector } from "../../linalg/index.js";
import {
  defineFileFormat,
  type FileFormat,
  type FileWriter,
  type InputSplit,
  type ReadRequest,
  type SourceOptions,
  type WriteRequest,
} from "../../sql/source/index.js";
import { DoubleType, doubleType, StructField, StructType, vectorType, VectorUDT } from "../../sql/types/index.js";
import { byteRanges } from "../shared/byte-ranges.js";
import { partitionColumn } from "../shared/partition-column.js";
import { failedReadFile, isIgnored } from "../shared/read-error.js";
import { isSplittable, readLines } from "../shared/text-input.js";
import { TextFileWriter, textExtension } from "../shared/text-output.js";
import { LabeledPoints } from "./labeled-points.js";

const ENCODING = "UTF-8";

/** Labelled sparse vectors as LIBSVM writes them: `label index:value index:value ...`, indices from 1. */
export const libsvmFormat: FileFormat = defineFileFormat({
  name: "libsvm",
  options: [
    {
      name: "numFeatures",
      default: null,
      doc: "Size of the vectors; by default the largest index in the data.",
      scope: "read",
    },
    { name: "vectorType", default: "sparse", doc: "Vectors to make: sparse or dense.", scope: "read" },
  ],
  extension: (options) => `.libsvm${textExtension(options)}`,

  async inferSchema(files, options) {
    let numFeatures = numFeaturesOption(options);
    if (numFeatures === undefined) {
      const points = new LabeledPoints(0);
      for (const file of files) {
        for await (const lines of readLines({ file, start: 0, end: Infinity }, { encoding: ENCODING }))
          points.add(lines);
        points.clear();
      }
      numFeatures = points.largestIndex + 1;
    }
    return new StructType([
      new StructField("label", doubleType, true),
      new StructField("features", vectorType, true, { numFeatures, ml_attr: { num_attrs: numFeatures } }),
    ]);
  },

  validate(schema, options) {
    const [label, features] = schema.fields;
    const fits = schema.length === 2 && label.dataType instanceof DoubleType && features.dataType instanceof VectorUDT;
    if (!fits) throw new IOException(`Illegal schema for libsvm data, schema=${schema.simpleString()}`);
    numFeaturesOption(options);
    isDense(options);
  },

  async splits(files, _options, maxBytes) {
    return files.flatMap((file) => byteRanges(file, isSplittable(file, ENCODING) ? maxBytes : Infinity));
  },

  async *read(request) {
    for (const split of request.splits) yield* readSplit(split, request);
  },

  openWriter: async (request) => new LibsvmWriter(request),
});

function numFeaturesOption({ numfeatures: text }: SourceOptions): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new IllegalArgumentException(`numFeatures must be a positive integer, not ${text}`);
}

function isDense({ vectortype: type = "sparse" }: SourceOptions): boolean {
  const name = type.toLowerCase();
  if (name === "sparse" || name === "dense") return name === "dense";
  throw new IllegalArgumentException(
    `Invalid value \`${type}\` for parameter \`vectorType\`. Expected types are \`sparse\` and \`dense\`.`,
  );
}

async function* readSplit(split: InputSplit, request: ReadRequest): AsyncIterable<Batch> {
  const { schema, columns, options, batchRows, timeZone } = request;
  const stored = schema.find("features")?.metadata.numFeatures as number | undefined;
  const numFeatures = numFeaturesOption(options) ?? stored;
  if (numFeatures === undefined) {
    throw new IllegalArgumentException("the number of features is not known; set option numFeatures");
  }
  const points = new LabeledPoints(numFeatures);
  const finish = (): Batch => {
    const numRows = points.count;
    const { label, features } = points.finish(isDense(options));
    const built = columns.fields.map((field): Column => {
      if (field.name === "label") return label;
      if (field.name === "features") return features;
      return partitionColumn(split.file.partitionValues[field.name] ?? null, field.dataType, numRows, timeZone);
    });
    return { numRows, columns: built };
  };
  try {
    for await (const lines of readLines(split, { encoding: ENCODING })) {
      for (let from = 0; from < lines.count;) {
        from = points.add(lines, from, batchRows);
        if (points.count >= batchRows) yield finish();
      }
    }
    if (points.count > 0) yield finish();
  } catch (error) {
    if (isIgnored(options, error)) return;
    throw failedReadFile(split.file.path, error);
  }
}

class LibsvmWriter implements FileWriter {
  private readonly out: TextFileWriter;
  constructor({ path, options }: WriteRequest) {
    this.out = new TextFileWriter(path, options);
  }
  async write({ numRows, columns: [label, features] }: Batch): Promise<void> {
    let text = "";
    for (let i = 0; i < numRows; i++) {
      text += javaDouble(valueAt(label, i) as number);
      (valueAt(features, i) as Vector).foreachActive((index, value) => {
        text += ` ${index + 1}:${javaDouble(value)}`;
      });
      text += "\n";
    }
    await this.out.write(text);
  }
  close(): Promise<void> {
    return this.out.close();
  }
  abort(): Promise<void> {
    return this.out.abort();
  }
}
