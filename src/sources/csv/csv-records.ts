import type { InputSplit } from "../../sql/source/index.js";
import { readLines, readWhole } from "../shared/text-input.js";
import type { CsvOptions } from "./csv-options.js";
import { newlineAt, type Newline, NONE } from "./quoted-value.js";
import { RecordTokenizer } from "./record-tokenizer.js";

/** The record that the tokenizer holds. */
export interface CsvRecord {
  /** The buffer that fields of kind RAW lie in. */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Consumer of one record after the other; called synchronously, so that no record is stored. False ends the reading. */
export type RecordHandler = (record: CsvRecord, tokenizer: RecordTokenizer) => boolean | void;

/** Whether anything but blanks is in the line: Spark drops blank lines. */
export function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] > 32) return false;
  return true;
}

export interface RecordSource {
  /**
   * Calls `onHeader` for the first record of the file where the options say so, `onRecord` for every other one, and
   * yields after each piece of input.
   */
  run(split: InputSplit, onHeader: RecordHandler, onRecord: RecordHandler): AsyncIterable<void>;
}

/** Records that are lines (each is cut on its own, so a file can be read in parts). */
function lineSource(options: CsvOptions, tokenize: boolean): RecordSource {
  const encoder = new TextEncoder();
  const input = { encoding: options.encoding, lineSep: options.lineSep ? encoder.encode(options.lineSep) : undefined };
  return {
    async *run(split, onHeader, onRecord) {
      const tokenizer = new RecordTokenizer(options, "none");
      const record = { bytes: new Uint8Array(0) as Uint8Array, start: 0, end: 0 };
      let header = options.header && split.start === 0;
      for await (const { bytes, starts, ends, count } of readLines(split, input)) {
        record.bytes = bytes;
        for (let i = 0; i < count; i++) {
          const start = starts[i];
          const end = ends[i];
          if (bytes[start] <= 32 && isBlank(bytes, start, end)) continue;
          if (start === end || (options.comment !== NONE && bytes[start] === options.comment)) continue;
          record.start = start;
          record.end = end;
          if (header || tokenize) tokenizer.tokenize(bytes, start, end);
          if ((header ? onHeader : onRecord)(record, tokenizer) === false) return;
          header = false;
        }
        yield;
      }
    },
  };
}

function newlineOf(bytes: Uint8Array): Newline {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === 10) return "lf";
    if (bytes[i] === 13) return bytes[i + 1] === 10 ? "crlf" : "cr";
  }
  return "lf";
}

/** Records whose quoted values may hold line endings: the file is one piece. */
function multiLineSource(options: CsvOptions): RecordSource {
  return {
    async *run({ file }, onHeader, onRecord) {
      const bytes = withPlainNewlines(await readWhole(file.path, options.encoding), options.lineSep);
      const newline = newlineOf(bytes);
      const tokenizer = new RecordTokenizer(options, newline);
      let { header } = options;
      let at = 0;
      while (at < bytes.length) {
        const start = options.ignoreLeading ? afterBlanks(bytes, at, newline, options.separator[0]) : at;
        const skipped = newlineAt(bytes, start, newline);
        if (skipped || start >= bytes.length) {
          at = start + skipped;
          continue;
        }
        if (tokenizer.isComment(bytes, at)) {
          while (at < bytes.length && !newlineAt(bytes, at, newline)) at++;
          continue;
        }
        const next = tokenizer.tokenize(bytes, at, bytes.length);
        const record = { bytes, start: at, end: withoutNewline(bytes, at, next) };
        if ((header ? onHeader : onRecord)(record, tokenizer) === false) return;
        header = false;
        at = next;
      }
      yield;
    },
  };
}

function afterBlanks(bytes: Uint8Array, start: number, newline: Newline, separator: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] <= 32 && bytes[at] !== separator && !newlineAt(bytes, at, newline)) at++;
  return at;
}

function withoutNewline(bytes: Uint8Array, start: number, end: number): number {
  if (end > start && bytes[end - 1] === 10) end--;
  if (end > start && bytes[end - 1] === 13) end--;
  return end;
}

function withPlainNewlines(bytes: Uint8Array, lineSep: string | undefined): Uint8Array {
  if (lineSep === undefined || /^(\n|\r\n|\r)$/.test(lineSep)) return bytes;
  return new TextEncoder().encode(new TextDecoder().decode(bytes).replaceAll(lineSep, "\n"));
}

/** Without `tokenize`, records of single-line files are handed over uncut (counting rows). */
export const recordSource = (options: CsvOptions, tokenize = true): RecordSource =>
  options.multiLine ? multiLineSource(options) : lineSource(options, tokenize);
