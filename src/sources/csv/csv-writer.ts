import { isNull, valueAt, type Batch, type Column } from "../../columnar/index.js";
import { DatePattern, formatDate, javaDouble, javaFloat, timeZone } from "../../common/index.js";
import type { FileWriter, WriteRequest } from "../../sql/source/index.js";
import {
  type DataType,
  DateType,
  decimalText,
  DecimalType,
  DoubleType,
  FloatType,
  TimestampNTZType,
  TimestampType,
} from "../../sql/types/index.js";
import { TextFileWriter } from "../shared/text-output.js";
import { type CsvOptions, csvOptions } from "./csv-options.js";
import { NONE } from "./quoted-value.js";

type Text = (column: Column, i: number) => string;

const TIMESTAMP = "yyyy-MM-dd'T'HH:mm:ss.SSSXXX";
const TIMESTAMP_NTZ = "yyyy-MM-dd'T'HH:mm:ss.SSS";
const ROWS_A_PIECE = 4096;
/** Spark's writer takes it for the comment character when none is set. */
const HASH = 35;

/** Writes rows as Spark does: quotes where a value needs them, Java's text for doubles, blanks around values cut. */
export class CsvWriter implements FileWriter {
  private readonly out: TextFileWriter;
  private readonly texts: readonly Text[];
  private readonly lineSep: string;
  private started = false;

  constructor(
    private readonly request: WriteRequest,
    private readonly options: CsvOptions = csvOptions(request.options),
  ) {
    this.out = new TextFileWriter(request.path, request.options, options.encoding);
    this.texts = request.schema.fields.map((field) => textOf(field.dataType, options, request.timeZone));
    this.lineSep = options.lineSep ?? "\n";
  }

  async write({ numRows, columns }: Batch): Promise<void> {
    await this.start();
    const { separatorText, nullValue, quoteAll } = this.options;
    const quotedNull = quoteAll ? this.quote(nullValue) : nullValue;
    for (let from = 0; from < numRows; from += ROWS_A_PIECE) {
      let text = "";
      for (let i = from; i < Math.min(numRows, from + ROWS_A_PIECE); i++) {
        for (let k = 0; k < columns.length; k++) {
          if (k > 0) text += separatorText;
          text += isNull(columns[k], i) ? quotedNull : this.field(this.texts[k](columns[k], i), k);
        }
        text += this.lineSep;
      }
      await this.out.write(text);
    }
  }

  async close(): Promise<void> {
    await this.start();
    await this.out.close();
  }
  abort(): Promise<void> {
    return this.out.abort();
  }

  private async start(): Promise<void> {
    if (this.started) return;
    this.started = true;
    if (!this.options.header) return;
    const names = this.request.schema.fields.map(({ name }, k) => this.field(name, k));
    await this.out.write(names.join(this.options.separatorText) + this.lineSep);
  }

  private field(value: string, position: number): string {
    let text = value;
    if (this.options.ignoreLeading ?? true) text = text.replace(/^[\0-\x20]+/, "");
    if (this.options.ignoreTrailing ?? true) text = text.replace(/[\0-\x20]+$/, "");
    if (text === "") return this.empty();
    return this.options.quoteAll || this.needsQuotes(text, position) ? this.quote(text) : text;
  }

  private empty(): string {
    const { emptyValue, separatorText } = this.options;
    if (emptyValue === undefined) return '""';
    return this.options.quoteAll || emptyValue.includes(separatorText) ? this.quote(emptyValue) : emptyValue;
  }

  private needsQuotes(text: string, position: number): boolean {
    const { separatorText, quote, comment, escapeQuotes } = this.options;
    if (text.includes(separatorText) || text.includes("\n") || text.includes("\r")) return true;
    const first = text.charCodeAt(0);
    if (position === 0 && first === (comment === NONE ? HASH : comment)) return true;
    if (quote === NONE) return false;
    return first === quote || (escapeQuotes && text.includes(String.fromCharCode(quote)));
  }

  /** The value in quotes; a quote or escape that was set to "" is the NUL character, as in Spark. */
  private quote(text: string): string {
    const { quote, escape, escapeEscape } = this.options;
    const q = String.fromCharCode(Math.max(0, quote));
    const e = String.fromCharCode(Math.max(0, escape));
    let escaped = text;
    if (escape !== quote && escapeEscape !== NONE)
      escaped = escaped.replaceAll(e, String.fromCharCode(escapeEscape) + e);
    escaped = escaped.replaceAll(q, e + q);
    return q + (this.lineSep === "\n" ? escaped : escaped.replaceAll("\n", this.lineSep)) + q;
  }
}

function textOf(type: DataType, options: CsvOptions, zoneId: string): Text {
  if (type instanceof DoubleType) return (column, i) => javaDouble(valueAt(column, i) as number);
  if (type instanceof FloatType) return (column, i) => javaFloat(valueAt(column, i) as number);
  if (type instanceof DecimalType) return (column, i) => decimalText(valueAt(column, i) as bigint, type.scale);
  if (type instanceof DateType) {
    const pattern = options.dateFormat === undefined ? undefined : new DatePattern(options.dateFormat);
    return (column, i) => {
      const days = valueAt(column, i) as number;
      return pattern ? pattern.formatDate(days) : formatDate(days);
    };
  }
  if (type instanceof TimestampType || type instanceof TimestampNTZType) {
    const isNTZ = type instanceof TimestampNTZType;
    const pattern = new DatePattern(
      isNTZ ? (options.timestampNTZFormat ?? TIMESTAMP_NTZ) : (options.timestampFormat ?? TIMESTAMP),
    );
    const zone = timeZone(isNTZ ? "UTC" : zoneId);
    return (column, i) => pattern.format(valueAt(column, i) as bigint, zone);
  }
  return (column, i) => String(valueAt(column, i));
}
