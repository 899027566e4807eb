/** Handling of a quote that neither closes nor is escaped, as option `unescapedQuoteHandling` names it. */
export type QuoteHandling =
  | "STOP_AT_DELIMITER"
  | "STOP_AT_CLOSING_QUOTE"
  | "BACK_TO_DELIMITER"
  | "SKIP_VALUE"
  | "RAISE_ERROR";

/** The characters that matter inside quotes; -1 = none. */
export interface QuoteSyntax {
  readonly quote: number;
  readonly escape: number;
  readonly escapeEscape: number;
  readonly separator: Uint8Array;
  readonly handling: QuoteHandling;
  readonly trimTrailing: boolean;
  /** Whether a line feed ends the record (multi-line mode); lines are cut before otherwise. */
  readonly newlines: boolean;
}

/** How a quoted value ended. `next` is the separator, line feed or end behind it. */
export interface QuotedEnd {
  readonly next: number;
  /** The value was given up (SKIP_VALUE). */
  readonly skipped: boolean;
}

const LF = 10;
const NONE = -1;
const END = -2;

/**
 * Reads one value that starts with a quote, character by character with the state (`ch`, `prev`) of Spark's parser
 * (univocity 2.9), because what it does with stray quotes and escapes follows from that state alone.
 * The value is written to `out`.
 */
export class QuotedValueReader {
  out = new Uint8Array(256);
  size = 0;
  private bytes = new Uint8Array(0);
  private at = 0;
  private end = 0;
  private ch = 0;
  private prev = 0;
  private unescaped = false;

  constructor(private readonly syntax: QuoteSyntax) {}

  /** `start` is the position of the opening quote. Throws `UnescapedQuote` under RAISE_ERROR. */
  read(bytes: Uint8Array, start: number, end: number): QuotedEnd {
    this.bytes = bytes;
    this.at = start + 1;
    this.end = end;
    this.size = 0;
    this.ch = this.syntax.quote;
    this.prev = NONE;
    this.unescaped = false;
    const stopped = this.parse();
    if (stopped === "skip") return { next: this.position(), skipped: true };
    if (this.ch === END) this.atEnd();
    return { next: this.position(), skipped: false };
  }

  private position(): number {
    return this.ch === END ? this.end : this.at - 1;
  }

  private next(): number {
    this.ch = this.at < this.end ? this.bytes[this.at] : END;
    this.at++;
    return this.ch;
  }

  private atDelimiter(): boolean {
    return this.ch === END || (this.ch === LF && this.syntax.newlines) || this.atSeparator(this.at - 1);
  }

  private atSeparator(at: number): boolean {
    const { separator } = this.syntax;
    for (let k = 0; k < separator.length; k++) if (this.bytes[at + k] !== separator[k]) return false;
    return at + separator.length <= this.end;
  }

  private append(byte: number): void {
    if (this.size === this.out.length) {
      const larger = new Uint8Array(this.out.length * 2);
      larger.set(this.out);
      this.out = larger;
    }
    this.out[this.size++] = byte;
  }

  private parse(): "skip" | undefined {
    return undefined;
  }

  private atEnd(): void {}
}
