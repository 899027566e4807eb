import { isNull, valueAt, type Batch } from "../../columnar/index.js";
import { DatePattern, formatDate, javaDouble, javaFloat, timeZone } from "../../common/index.js";
import type { Vector } from "../../linalg/index.js";
import type { FileWriter, WriteRequest } from "../../sql/source/index.js";
import {
  ArrayType,
  BinaryType,
  type DataType,
  DateType,
  decimalText,
  DecimalType,
  DoubleType,
  FloatType,
  MapType,
  StringType,
  StructType,
  TimestampNTZType,
  TimestampType,
  UserDefinedType,
  VectorUDT,
} from "../../sql/types/index.js";
import { TextFileWriter } from "../shared/text-output.js";
import { type JsonOptions, jsonOptions } from "./json-options.js";

/** JSON text of a value that is not null, indented by `depth` when pretty. */
type Render = (value: unknown, depth: number) => string;

/** Writes one JSON object a row and line, as Spark's generator does. */
export class JsonWriter implements FileWriter {
  private readonly out: TextFileWriter;
  private readonly fields: readonly { readonly name: string; readonly render: Render }[];
  private readonly options: JsonOptions;

  constructor({ path, options, schema, timeZone: zone }: WriteRequest) {
    this.options = jsonOptions({ linesep: "\n", ...options });
    this.out = new TextFileWriter(path, options, this.options.encoding);
    this.fields = schema.fields.map(({ name, dataType }) => ({
      name: quoted(name, this.options),
      render: renderer(dataType, this.options, zone),
    }));
  }

  async write({ numRows, columns }: Batch): Promise<void> {
    let text = "";
    for (let i = 0; i < numRows; i++) {
      const parts: string[] = [];
      this.fields.forEach(({ name, render }, k) => {
        const column = columns[k];
        if (!isNull(column, i)) parts.push(name + this.colon() + render(valueAt(column, i), 1));
        else if (!this.options.ignoreNullFields) parts.push(`${name}${this.colon()}null`);
      });
      text += block(parts, "{}", 0, this.options) + this.options.lineSep;
      if (text.length > 1 << 16) {
        await this.out.write(text);
        text = "";
      }
    }
    await this.out.write(text);
  }

  private colon(): string {
    return this.options.pretty ? " : " : ":";
  }
  close(): Promise<void> {
    return this.out.close();
  }
  abort(): Promise<void> {
    return this.out.abort();
  }
}

function block(parts: readonly string[], brackets: "{}" | "[]", depth: number, { pretty }: JsonOptions): string {
  if (!pretty) return brackets[0] + parts.join(",") + brackets[1];
  if (parts.length === 0) return `${brackets[0]} ${brackets[1]}`;
  if (brackets === "[]") return `[ ${parts.join(", ")} ]`;
  const indent = "  ".repeat(depth + 1);
  return `{\n${parts.map((part) => indent + part).join(",\n")}\n${"  ".repeat(depth)}}`;
}

function quoted(text: string, { asciiOnly }: JsonOptions): string {
  const escaped = JSON.stringify(text).replace(/\\u[0-9a-f]{4}/g, (all) => `\\u${all.slice(2).toUpperCase()}`);
  if (!asciiOnly) return escaped;
  return escaped.replace(/[^\0-\x7f]/g, (c) => `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`);
}

/** The text form of a type's values. */
export function renderer(type: DataType, options: JsonOptions, zoneId: string): Render {
  const nested = (inner: DataType): Render => {
    const render = renderer(inner, options, zoneId);
    return (value, depth) => (value === null || value === undefined ? "null" : render(value, depth));
  };
  const colon = options.pretty ? " : " : ":";
  if (type instanceof StringType) return (value) => quoted(value as string, options);
  if (type instanceof DoubleType || type instanceof FloatType) {
    const text = type instanceof DoubleType ? javaDouble : javaFloat;
    return (value) => (Number.isFinite(value) ? text(value as number) : `"${text(value as number)}"`);
  }
  if (type instanceof DecimalType) return (value) => decimalText(value as bigint, type.scale);
  if (type instanceof DateType) {
    const pattern = options.dateFormat === undefined ? undefined : new DatePattern(options.dateFormat);
    return (value) => quoted(pattern ? pattern.formatDate(value as number) : formatDate(value as number), options);
  }
  if (type instanceof TimestampType || type instanceof TimestampNTZType) {
    const isNTZ = type instanceof TimestampNTZType;
    const fallback = isNTZ ? "yyyy-MM-dd'T'HH:mm:ss.SSS" : "yyyy-MM-dd'T'HH:mm:ss.SSSXXX";
    const pattern = new DatePattern((isNTZ ? options.timestampNTZFormat : options.timestampFormat) ?? fallback);
    const zone = timeZone(isNTZ ? "UTC" : zoneId);
    return (value) => quoted(pattern.format(value as bigint, zone), options);
  }
  if (type instanceof BinaryType) return (value) => `"${Buffer.from(value as Uint8Array).toString("base64")}"`;
  if (type instanceof ArrayType) {
    const item = nested(type.elementType);
    return (value, depth) =>
      block(
        (value as unknown[]).map((v) => item(v, depth + 1)),
        "[]",
        depth,
        options,
      );
  }
  if (type instanceof MapType) {
    const item = nested(type.valueType);
    const key = keyText(type.keyType, options, zoneId);
    return (value, depth) =>
      block(
        (value as [unknown, unknown][]).map(([k, v]) => key(k) + colon + item(v, depth + 1)),
        "{}",
        depth,
        options,
      );
  }
  if (type instanceof StructType) {
    const fields = type.fields.map((f) => ({ name: quoted(f.name, options), render: nested(f.dataType) }));
    return (value, depth) => {
      const values = value as readonly unknown[];
      const kept = fields.flatMap(({ name, render }, k) => {
        const isMissing = values[k] === null || values[k] === undefined;
        return isMissing && options.ignoreNullFields ? [] : [name + colon + render(values[k], depth + 1)];
      });
      return block(kept, "{}", depth, options);
    };
  }
  if (type instanceof VectorUDT) return (value) => JSON.stringify((value as Vector).toJSON());
  if (type instanceof UserDefinedType) return renderer(type.sqlType, options, zoneId);
  return (value) => String(value);
}

function keyText(type: DataType, options: JsonOptions, zoneId: string): (key: unknown) => string {
  const render = renderer(type, options, zoneId);
  return (key) => {
    const text = render(key, 0);
    return text.startsWith('"') ? text : `"${text}"`;
  };
}
