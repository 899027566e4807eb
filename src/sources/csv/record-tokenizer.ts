import type { CsvOptions } from "./csv-options.js";
import { quoteSyntax } from "./csv-options.js";
import { newlineAt, type Newline, NONE, QuotedValueReader } from "./quoted-value.js";

/** What a field is: absent text (`nullValue`), a stretch of the input or of `scratch`, or empty text that is there (`emptyValue`). */
export const MISSING = 0;
export const RAW = 1;
export const SCRATCH = 2;
export const EMPTY = 3;

const SPACE = 32;

/** A record that the parser gives up on: too many columns, too long a value, a stray quote under RAISE_ERROR. */
export class UnparsableRecord extends Error {}

/** Cuts one record into fields; the arrays are reused for the next. */
export class RecordTokenizer {
  count = 0;
  kinds = new Uint8Array(64);
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  scratch = new Uint8Array(256);
  private scratchUsed = 0;
  /** Whether the value before needed the automaton; blanks at the end of the input then count as empty text. */
  private slow = false;
  private readonly reader: QuotedValueReader;
  private readonly first: number;

  constructor(
    private readonly options: CsvOptions,
    private readonly newline: Newline,
  ) {
    this.reader = new QuotedValueReader(quoteSyntax(options, newline));
    this.first = options.separator[0];
  }

  /** Tokenises `bytes[start, end)` up to the end of its first record and returns where the next one starts. */
  tokenize(bytes: Uint8Array, start: number, end: number): number {
    const { options, first } = this;
    const { quote } = options;
    const simple = options.separator.length === 1 && this.newline === "none";
    const width = options.separator.length;
    this.count = 0;
    this.scratchUsed = 0;
    this.slow = false;
    let at = start;
    for (;;) {
      const from = at;
      if (options.ignoreLeading) while (at < end && bytes[at] <= SPACE && this.stopAt(bytes, at, end) === 0) at++;
      if (at >= end) {
        this.add(this.slow && at > from ? EMPTY : MISSING, at, at);
        return end;
      }
      this.slow = false;
      let stop: number;
      if (bytes[at] === quote) stop = this.quoted(bytes, at, end);
      else {
        stop = at;
        if (simple) while (stop < end && bytes[stop] !== first) stop++;
        else while (stop < end && this.stopAt(bytes, stop, end) === 0) stop++;
        this.plain(bytes, at, stop, end);
        if (width > 1 && stop >= end && bytes[end - 1] === quote) this.doubleLastQuote(bytes, at, end);
      }
      if (stop >= end) return end;
      const newline = newlineAt(bytes, stop, this.newline);
      if (newline) return stop + newline;
      at = stop + width;
    }
  }

  /** Length of the separator or line ending at `at`. */
  private stopAt(bytes: Uint8Array, at: number, end: number): number {
    const newline = newlineAt(bytes, at, this.newline);
    if (newline) return newline;
    const { separator } = this.options;
    if (bytes[at] !== separator[0] || at + separator.length > end) return 0;
    for (let k = 1; k < separator.length; k++) if (bytes[at + k] !== separator[k]) return 0;
    return separator.length;
  }

  private plain(bytes: Uint8Array, start: number, stop: number, end: number): void {
    let to = stop;
    if (this.options.ignoreTrailing) while (to > start && bytes[to - 1] <= SPACE) to--;
    // Blanks that end the input are empty text, blanks before a separator are no text: as in Spark's parser.
    if (to === start) this.add(stop >= end && stop > start ? EMPTY : MISSING, start, start);
    else this.add(RAW, start, to);
  }

  /** With a separator of several characters, Spark's parser repeats a quote that ends the line of an unquoted value. */
  private doubleLastQuote(bytes: Uint8Array, start: number, end: number): void {
    this.count--;
    this.reader.copy(bytes, start, end);
    this.addScratch(0, this.reader.size);
  }

  /** Adds a quoted value and returns where it stops. */
  private quoted(bytes: Uint8Array, start: number, end: number): number {
    const close = this.closingQuote(bytes, start, end);
    if (close >= 0) {
      this.add(close === start + 1 ? EMPTY : RAW, start + 1, close);
      return close + 1;
    }
    const { reader } = this;
    this.slow = true;
    const { next, present, skipped, splits } = reader.read(bytes, start, end);
    let from = 0;
    for (const split of splits) {
      if (split > from) this.addScratch(from, split);
      else this.add(SCRATCH, 0, 0);
      from = split;
    }
    if (skipped || !present) this.add(MISSING, start, start);
    else if (from < reader.size || splits.length === 0) this.addScratch(from, reader.size);
    return next;
  }

  /** Position of the closing quote in the common case: no escaped quote inside, a separator right behind; else -1. */
  private closingQuote(bytes: Uint8Array, start: number, end: number): number {
    const { quote, escape, escapeEscape } = this.options;
    for (let i = start + 1; i + 1 < end; i++) {
      const c = bytes[i];
      if (c === quote) return bytes[i - 1] !== escape && this.stopAt(bytes, i + 1, end) > 0 ? i : -1;
      if (c === escape && (bytes[i + 1] === quote || bytes[i + 1] === escapeEscape)) return -1;
    }
    return -1;
  }

  private addScratch(from: number, to: number): void {
    const size = to - from;
    if (size === 0) return this.add(EMPTY, 0, 0);
    if (this.scratchUsed + size > this.scratch.length) {
      const larger = new Uint8Array(Math.max(this.scratch.length * 2, this.scratchUsed + size));
      larger.set(this.scratch);
      this.scratch = larger;
    }
    this.scratch.set(this.reader.out.subarray(from, to), this.scratchUsed);
    this.add(SCRATCH, this.scratchUsed, this.scratchUsed + size);
    this.scratchUsed += size;
  }

  private add(kind: number, start: number, end: number): void {
    const { count } = this;
    const { maxColumns, maxCharsPerColumn } = this.options;
    if (count >= maxColumns) throw new UnparsableRecord(`a record has more than maxColumns = ${maxColumns} columns`);
    if (maxCharsPerColumn >= 0 && end - start > maxCharsPerColumn) {
      throw new UnparsableRecord(`a value is longer than maxCharsPerColumn = ${maxCharsPerColumn}`);
    }
    if (count === this.kinds.length) this.widen();
    this.kinds[count] = kind;
    this.starts[count] = start;
    this.ends[count] = end;
    this.count = count + 1;
  }

  private widen(): void {
    const { kinds, starts, ends } = this;
    const size = kinds.length * 2;
    this.kinds = new Uint8Array(size);
    this.starts = new Int32Array(size);
    this.ends = new Int32Array(size);
    this.kinds.set(kinds);
    this.starts.set(starts);
    this.ends.set(ends);
  }

  /** Whether the record at `start` is a comment. */
  isComment(bytes: Uint8Array, start: number): boolean {
    return this.options.comment !== NONE && bytes[start] === this.options.comment;
  }
}
