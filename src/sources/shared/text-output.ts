import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { finished } from "node:stream/promises";
import { createDeflate, createGzip } from "node:zlib";
import { IllegalArgumentException } from "../../common/index.js";
import { checkEncoding } from "./text-input.js";

const EXTENSIONS: Readonly<Record<string, string>> = { none: "", uncompressed: "", gzip: ".gz", deflate: ".deflate" };

/** What option `compression` (or `codec`) adds to a text file's name; an unknown codec is Spark's error. */
export function textExtension(options: Readonly<Record<string, string>>): string {
  const name = (options.compression ?? options.codec ?? "none").toLowerCase();
  const extension = EXTENSIONS[name];
  if (extension !== undefined) return extension;
  const available = Object.keys(EXTENSIONS).join(", ");
  throw new IllegalArgumentException(`The codec ${name} is not available. Available codecs are ${available}.`, {
    condition: "CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION",
    sqlState: "56038",
    parameters: { codecName: name, availableCodecs: available },
  });
}

/** Bytes of text in a character set. */
export function encodeText(text: string, encoding: string): Buffer {
  if (/^utf-?8$/i.test(encoding)) return Buffer.from(text, "utf8");
  if (/^utf-?16-?le$/i.test(encoding)) return Buffer.from(text, "utf16le");
  if (/^utf-?16-?be$/i.test(encoding)) return Buffer.from(text, "utf16le").swap16();
  if (/^(iso-?8859-?1|latin-?1|us-ascii)$/i.test(encoding)) {
    const limit = /ascii/i.test(encoding) ? 127 : 255;
    return Buffer.from(
      text.replace(/[^]/g, (c) => (c.charCodeAt(0) > limit ? "?" : c)),
      "latin1",
    );
  }
  checkEncoding(encoding);
  throw new IllegalArgumentException(
    `Text cannot be written as ${encoding}; use UTF-8, UTF-16LE, UTF-16BE or ISO-8859-1.`,
  );
}

/** A text file that is written piece by piece, compressed where its options say so. */
export class TextFileWriter {
  private readonly sink: NodeJS.WritableStream;
  private readonly file;

  constructor(
    private readonly path: string,
    options: Readonly<Record<string, string>>,
    private readonly encoding = "UTF-8",
  ) {
    this.file = createWriteStream(path, { flags: "wx" });
    const extension = textExtension(options);
    if (extension === "") this.sink = this.file;
    else {
      const compressor = extension === ".gz" ? createGzip() : createDeflate();
      compressor.pipe(this.file);
      this.file.on("error", (error) => compressor.destroy(error));
      this.sink = compressor;
    }
  }

  async write(text: string): Promise<void> {
    if (text === "") return;
    await new Promise<void>((resolve, reject) => {
      this.sink.write(encodeText(text, this.encoding), (error) => (error ? reject(error) : resolve()));
    });
  }

  async close(): Promise<void> {
    const done = finished(this.file);
    this.sink.end();
    await done;
  }

  async abort(): Promise<void> {
    this.file.destroy();
    await rm(this.path, { force: true });
  }
}
