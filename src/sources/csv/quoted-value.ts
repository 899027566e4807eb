/** What a quote does that neither closes the value nor is escaped: option `unescapedQuoteHandling`. */
export type QuoteHandling =
  "STOP_AT_DELIMITER" | "STOP_AT_CLOSING_QUOTE" | "BACK_TO_DELIMITER" | "SKIP_VALUE" | "RAISE_ERROR";

/** The file's line ending; a bare line feed ends a record under each of them but `none`. */
export type Newline = "none" | "lf" | "crlf" | "cr";

/** Bytes of the line ending at `at`, 0 when there is none. */
export function newlineAt(bytes: Uint8Array, at: number, newline: Newline): number {
  if (newline === "none") return 0;
  if (bytes[at] === 10) return 1;
  if (bytes[at] !== 13) return 0;
  return newline === "cr" ? 1 : newline === "crlf" && bytes[at + 1] === 10 ? 2 : 0;
}

/** Bytes that mean something inside quotes; {@link NONE} = there is no such character. */
export interface QuoteSyntax {
  readonly quote: number;
  readonly escape: number;
  readonly escapeEscape: number;
  readonly separator: Uint8Array;
  readonly handling: QuoteHandling;
  readonly trimTrailing: boolean;
  /** What ends a record outside quotes in multi-line mode; `none` where lines were cut before. */
  readonly newline: Newline;
}

export const NONE = -1;
const SPACE = 32;

/** A value in `out[0, size)`, or null (SKIP_VALUE); `next` is the position of the separator, line feed or end behind it. */
export interface QuotedResult {
  readonly next: number;
  /** Whether a null or empty value stands for `emptyValue` (true) or for a missing value (false). */
  readonly present: boolean;
  readonly skipped: boolean;
  /** BACK_TO_DELIMITER: where values in `out` that precede this one end. */
  readonly splits: readonly number[];
}

/** Raised under RAISE_ERROR. */
export class UnescapedQuote extends Error {}

/**
 * Reads one value that starts with a quote. Spark's parser (univocity 2.9) decides what stray quotes and escapes mean
 * from the current and the previous character alone; this is the same automaton, so malformed input gives the same
 * text. `test/golden/sources/csv-tokens.json` holds what Spark answers to 4,000 random lines.
 */
export class QuotedValueReader {
  out = new Uint8Array(256);
  size = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  /** Position behind `ch`. */
  private at = 0;
  private end = 0;
  private ch = NONE;
  private prev = NONE;
  private unescaped = false;
  private skipping = false;
  private trim = false;
  private splits: number[] = [];
  private readonly untilDelimiter: boolean;

  constructor(private readonly syntax: QuoteSyntax) {
    this.untilDelimiter = syntax.handling !== "STOP_AT_CLOSING_QUOTE" && syntax.handling !== "RAISE_ERROR";
  }

  /** `start` is the position of the opening quote. */
  read(bytes: Uint8Array, start: number, end: number): QuotedResult {
    this.bytes = bytes;
    this.at = start + 1;
    this.end = end;
    this.size = 0;
    this.ch = this.syntax.quote;
    this.prev = NONE;
    this.unescaped = false;
    this.skipping = false;
    this.trim = false;
    this.splits = [];
    const ended = this.quoted();
    const present = ended || this.atEnd();
    if (this.trim) while (this.size > 0 && this.out[this.size - 1] <= SPACE) this.size--;
    return { next: ended ? this.at - 1 : end, present, skipped: this.skipping, splits: this.splits };
  }

  /** Fills `out` with a stretch of bytes and one more quote. */
  copy(bytes: Uint8Array, start: number, end: number): void {
    this.size = 0;
    this.skipping = false;
    for (let i = start; i < end; i++) this.append(bytes[i]);
    this.append(this.syntax.quote);
  }

  /** Whether the input ended with a value; the last quote may have closed it. */
  private atEnd(): boolean {
    const { quote } = this.syntax;
    if (this.ch === quote) {
      if (this.prev === quote) return true;
      if (!this.unescaped) this.append(quote);
    }
    return this.size > 0 || (this.prev !== NONE && this.ch !== NONE && !this.atStop());
  }

  /** False at the end of the input, which leaves `ch` as it was. */
  private next(): boolean {
    if (this.at >= this.end) return false;
    this.ch = this.bytes[this.at++];
    return true;
  }

  private isStop(position: number): boolean {
    const { bytes, end } = this;
    const { separator, newline } = this.syntax;
    if (newline !== "none" && newlineAt(bytes, position, newline)) return true;
    if (bytes[position] !== separator[0] || position + separator.length > end) return false;
    for (let k = 1; k < separator.length; k++) if (bytes[position + k] !== separator[k]) return false;
    return true;
  }
  private atStop(): boolean {
    return this.ch !== NONE && this.isStop(this.at - 1);
  }

  private append(byte: number): void {
    if (this.skipping) return;
    if (this.size === this.out.length) {
      const larger = new Uint8Array(this.out.length * 2);
      larger.set(this.out);
      this.out = larger;
    }
    this.out[this.size++] = byte;
  }

  private prepend(byte: number): void {
    this.append(byte);
    if (this.skipping) return;
    this.out.copyWithin(1, 0, this.size - 1);
    this.out[0] = byte;
  }

  /** Appends from `ch` up to a separator or line feed. */
  private appendUntilStop(): boolean {
    for (let i = this.at - 1; i < this.end; i++) {
      if (this.isStop(i)) {
        this.ch = this.bytes[i];
        this.at = i + 1;
        return true;
      }
      this.append(this.bytes[i]);
    }
    this.at = this.end;
    return false;
  }

  private appendUntilQuote(): boolean {
    const { quote, escape, escapeEscape } = this.syntax;
    for (let i = this.at - 1; i < this.end; i++) {
      const c = this.bytes[i];
      if (c === quote || c === escape || c === escapeEscape) {
        this.ch = c;
        this.at = i + 1;
        return true;
      }
      this.append(c);
    }
    this.at = this.end;
    return false;
  }

  /** True when the value ended before the input did, with `ch` at the separator or line feed. */
  private quoted(): boolean {
    const { quote, escape, handling } = this.syntax;
    if (this.prev !== NONE && this.untilDelimiter) {
      if (handling === "SKIP_VALUE") return this.skip();
      this.prepend(quote);
      if (!this.next()) return false;
      this.trim = this.syntax.trimTrailing;
      return this.appendUntilStop();
    }
    if (!this.next()) return false;
    for (;;) {
      if (this.prev === quote && (this.ch <= SPACE || this.atStop())) break;
      if (this.ch !== quote && this.ch !== escape) {
        if (this.prev === quote) return this.strayQuote();
        if (this.prev === escape && escape !== NONE) this.append(escape);
        if (!this.appendUntilQuote()) return false;
        this.prev = this.ch;
        if (!this.next()) return false;
      } else {
        if (this.quoteOrEscape() === false) return false;
        this.prev = this.ch;
        if (!this.next()) return false;
        if (this.unescaped && this.atStop()) return true;
      }
    }
    if (!this.atStop() && this.ch <= SPACE) return this.blanksAfterQuote();
    return this.requireStop();
  }

  /** Blanks between a closing quote and the separator do not count; blanks before more text do. */
  private blanksAfterQuote(): boolean {
    const { quote, escape, handling } = this.syntax;
    const first = this.at - 1;
    do {
      if (!this.next()) return false;
      if (newlineAt(this.bytes, this.at - 1, this.syntax.newline)) return true;
    } while (this.ch <= SPACE && !this.atStop());
    if (!this.atStop() && handling !== "RAISE_ERROR") {
      this.append(quote);
      for (let i = first; i < this.at - 1; i++) this.append(this.bytes[i]);
      if (this.untilDelimiter || (this.ch !== quote && this.ch !== escape)) this.append(this.ch);
      this.prev = this.ch;
      if (!this.quoted()) return false;
    }
    return this.requireStop();
  }

  private requireStop(): boolean {
    if (this.atStop()) return true;
    throw new UnescapedQuote(`unexpected character after the quoted value at byte ${this.at - 1}`);
  }

  /** A quote or an escape inside the value; undefined: go on; else whether the input goes on behind the value. */
  private quoteOrEscape(): boolean | undefined {
    const { quote, escape, escapeEscape } = this.syntax;
    if (this.ch === escape && this.prev === escapeEscape && escapeEscape !== NONE) {
      this.append(escape);
      this.ch = NONE;
    } else if (this.prev === escape) {
      if (this.ch === quote) {
        this.append(quote);
        this.ch = NONE;
      } else this.append(this.prev);
    } else if (this.ch === quote && this.prev === quote) this.append(quote);
    else if (this.prev === quote) return this.strayQuoteInValue();
    return undefined;
  }

  private strayQuote(): boolean {
    const { quote, handling } = this.syntax;
    this.unescaped = true;
    switch (handling) {
      case "BACK_TO_DELIMITER":
        this.splitOff();
        this.append(this.ch);
        this.prev = NONE;
        return this.quoted();
      case "STOP_AT_DELIMITER":
      case "STOP_AT_CLOSING_QUOTE":
        this.append(quote);
        this.append(this.ch);
        this.prev = this.ch;
        return this.quoted();
      default:
        return this.giveUp();
    }
  }

  private strayQuoteInValue(): boolean {
    const { quote, handling } = this.syntax;
    if (handling === "SKIP_VALUE" || handling === "RAISE_ERROR") return this.giveUp();
    this.append(quote);
    this.prev = this.ch;
    return this.untilStopWithEscapes();
  }

  private untilStopWithEscapes(): boolean {
    const { quote, escape } = this.syntax;
    while (!this.atStop()) {
      if (this.ch !== quote && this.ch !== escape) {
        if (this.prev === quote) return this.strayQuoteInValue();
        if (this.ch !== NONE) this.append(this.ch);
      } else {
        if (this.quoteOrEscape() === false) return false;
      }
      this.prev = this.ch;
      if (!this.next()) return false;
    }
    return true;
  }

  /** BACK_TO_DELIMITER: what was taken for one quoted value is several, cut at the separators in it. */
  private splitOff(): void {
    const { separator, newline } = this.syntax;
    let from = this.splits.at(-1) ?? 0;
    for (let i = from; i < this.size; i++) {
      const isSeparator = separator.every((byte, k) => this.out[i + k] === byte) && i + separator.length <= this.size;
      if (!isSeparator && !newlineAt(this.out, i, newline)) continue;
      const width = isSeparator ? separator.length : 1;
      this.out.copyWithin(i, i + width, this.size);
      this.size -= width;
      this.splits.push(i);
      from = i--;
    }
  }

  private giveUp(): boolean {
    if (this.syntax.handling === "SKIP_VALUE") return this.skip();
    throw new UnescapedQuote(`unescaped quote inside the quoted value at byte ${this.at - 1}`);
  }

  private skip(): boolean {
    this.size = 0;
    this.skipping = true;
    return this.appendUntilStop();
  }
}
