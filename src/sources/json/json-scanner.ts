import { decodeUtf8 } from "../../columnar/index.js";

/** Departures from the JSON standard that options allow. */
export interface JsonSyntax {
  readonly comments: boolean;
  readonly unquotedFieldNames: boolean;
  readonly singleQuotes: boolean;
  readonly numericLeadingZeros: boolean;
  readonly nonNumericNumbers: boolean;
  readonly backslashEscapingAnyCharacter: boolean;
  readonly unquotedControlChars: boolean;
}

/** The text is no JSON. */
export class JsonSyntaxError extends Error {}

export type JsonKind = "object" | "array" | "string" | "int" | "float" | "true" | "false" | "null" | "end";

const QUOTE = 34;
const APOSTROPHE = 39;
const BACKSLASH = 92;
const SHORT: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  '"': '"',
  "\\": "\\",
  "/": "/",
};
const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const isNamePart = (c: number): boolean =>
  (c | 32) >= 97 && (c | 32) <= 122 ? true : isDigit(c) || c === 95 || c === 36 || c > 127;

/**
 * Reads JSON from UTF-8 bytes, one value at a time. `next()` looks at the next value; then exactly one of `string`,
 * `number`, `literal`, `enter...` or `skip` consumes it.
 */
export class JsonScanner {
  at = 0;
  private bytes: Uint8Array = new Uint8Array(0);
  private end = 0;

  constructor(private readonly syntax: JsonSyntax) {}

  reset(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  fail(what: string): JsonSyntaxError {
    return new JsonSyntaxError(`${what} at byte ${this.at}`);
  }

  private blanks(): void {
    for (;;) {
      const c = this.at < this.end ? this.bytes[this.at] : -1;
      if (c === 32 || c === 9 || c === 10 || c === 13) this.at++;
      else if (c === 47 && this.syntax.comments) this.comment();
      else return;
    }
  }

  private comment(): void {
    const second = this.bytes[this.at + 1];
    if (second === 47) while (this.at < this.end && this.bytes[this.at] !== 10) this.at++;
    else if (second === 42) {
      this.at += 2;
      while (this.at < this.end && !(this.bytes[this.at] === 42 && this.bytes[this.at + 1] === 47)) this.at++;
      this.at += 2;
    } else throw this.fail("unexpected character /");
  }

  /** Kind of the next value, without consuming it. */
  next(): JsonKind {
    this.blanks();
    if (this.at >= this.end) return "end";
    const c = this.bytes[this.at];
    switch (c) {
      case 123:
        return "object";
      case 91:
        return "array";
      case QUOTE:
        return "string";
      case 116:
        return "true";
      case 102:
        return "false";
      case 110:
        return "null";
    }
    if (c === APOSTROPHE && this.syntax.singleQuotes) return "string";
    if (c === 45 || isDigit(c)) return this.numberKind();
    if (this.syntax.nonNumericNumbers && (c === 78 || c === 73)) return "float";
    throw this.fail(`unexpected character ${String.fromCharCode(c)}`);
  }

  private numberKind(): JsonKind {
    let i = this.at;
    if (this.bytes[i] === 45) i++;
    if (!isDigit(this.bytes[i])) return "float";
    while (i < this.end && isDigit(this.bytes[i])) i++;
    const c = i < this.end ? this.bytes[i] : 0;
    return c === 46 || c === 101 || c === 69 ? "float" : "int";
  }

  /** Consumes a number and returns its text. */
  number(): string {
    const start = this.at;
    const { bytes, end, syntax } = this;
    let i = start;
    if (bytes[i] === 45) i++;
    if (syntax.nonNumericNumbers && (bytes[i] === 78 || bytes[i] === 73)) {
      const name = bytes[i] === 78 ? "NaN" : this.startsWith(i, "Infinity") ? "Infinity" : "INF";
      if (!this.startsWith(i, name)) throw this.fail("unexpected literal");
      this.at = i + name.length;
      return `${bytes[start] === 45 ? "-" : ""}${name === "INF" ? "Infinity" : name}`;
    }
    const first = i;
    while (i < end && isDigit(bytes[i])) i++;
    if (i === first) throw this.fail("a number without digits");
    if (i - first > 1 && bytes[first] === 48 && !syntax.numericLeadingZeros)
      throw this.fail("a number with leading zeros");
    if (i < end && bytes[i] === 46) {
      const point = i++;
      while (i < end && isDigit(bytes[i])) i++;
      if (i === point + 1) throw this.fail("a decimal point without digits");
    }
    if (i < end && (bytes[i] === 101 || bytes[i] === 69)) {
      i++;
      if (bytes[i] === 43 || bytes[i] === 45) i++;
      const exponent = i;
      while (i < end && isDigit(bytes[i])) i++;
      if (i === exponent) throw this.fail("an exponent without digits");
    }
    if (i < end && isNamePart(bytes[i])) throw this.fail("unexpected character in a number");
    this.at = i;
    return decodeUtf8(bytes, start, i);
  }

  private startsWith(at: number, word: string): boolean {
    if (at + word.length > this.end) return false;
    for (let k = 0; k < word.length; k++) if (this.bytes[at + k] !== word.charCodeAt(k)) return false;
    return true;
  }

  /** Consumes `true`, `false` or `null`. */
  literal(word: "true" | "false" | "null"): void {
    const after = this.at + word.length;
    if (!this.startsWith(this.at, word) || (after < this.end && isNamePart(this.bytes[after]))) {
      throw this.fail("unrecognized token");
    }
    this.at = after;
  }

  /** Consumes a string and returns its text. */
  string(): string {
    const { bytes, end } = this;
    const quote = bytes[this.at];
    const start = this.at + 1;
    let i = start;
    while (i < end && bytes[i] !== quote && bytes[i] !== BACKSLASH && bytes[i] >= 32) i++;
    if (i < end && bytes[i] === quote) {
      this.at = i + 1;
      return decodeUtf8(bytes, start, i);
    }
    return this.escapedString(quote, start);
  }

  private escapedString(quote: number, start: number): string {
    const { bytes, end, syntax } = this;
    let text = "";
    let from = start;
    let i = start;
    for (; ; i++) {
      if (i >= end) throw this.fail("a string that does not end");
      const c = bytes[i];
      if (c === quote) break;
      if (c < 32 && !syntax.unquotedControlChars) throw this.fail(`an unescaped control character (code ${c})`);
      if (c !== BACKSLASH) continue;
      text += decodeUtf8(bytes, from, i);
      const letter = String.fromCharCode(bytes[++i]);
      if (letter === "u") {
        const hex = decodeUtf8(bytes, i + 1, Math.min(end, i + 5));
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) throw this.fail("a bad \\u escape");
        text += String.fromCharCode(parseInt(hex, 16));
        i += 4;
      } else if (SHORT[letter] !== undefined) text += SHORT[letter];
      else if (syntax.backslashEscapingAnyCharacter || (letter === "'" && syntax.singleQuotes)) {
        from = i;
        continue;
      } else throw this.fail(`unrecognized escape \\${letter}`);
      from = i + 1;
    }
    text += decodeUtf8(bytes, from, i);
    this.at = i + 1;
    return text;
  }

  /** Visits the fields of an object; `field` must consume the value. */
  object(field: (name: string) => void): void {
    this.at++;
    this.blanks();
    if (this.peek() === 125) {
      this.at++;
      return;
    }
    for (;;) {
      const name = this.fieldName();
      this.blanks();
      if (this.peek() !== 58) throw this.fail("a field name without a colon");
      this.at++;
      field(name);
      if (!this.more(125)) return;
      this.blanks();
    }
  }

  /** Visits the items of an array; `item` must consume the value. */
  array(item: () => void): void {
    this.at++;
    this.blanks();
    if (this.peek() === 93) {
      this.at++;
      return;
    }
    do item();
    while (this.more(93));
  }

  private peek(): number {
    return this.at < this.end ? this.bytes[this.at] : -1;
  }

  private more(close: number): boolean {
    this.blanks();
    const c = this.peek();
    if (c !== 44 && c !== close) throw this.fail("a missing comma or bracket");
    this.at++;
    return c === 44;
  }

  private fieldName(): string {
    const c = this.peek();
    if (c === QUOTE || (c === APOSTROPHE && this.syntax.singleQuotes)) return this.string();
    if (!this.syntax.unquotedFieldNames || !isNamePart(c)) throw this.fail("a field name without quotes");
    const start = this.at;
    while (this.at < this.end && isNamePart(this.bytes[this.at])) this.at++;
    return decodeUtf8(this.bytes, start, this.at);
  }

  /** Consumes a value and returns its text as it stands. */
  raw(): string {
    this.next();
    const start = this.at;
    this.skip();
    return decodeUtf8(this.bytes, start, this.at);
  }

  /** Consumes a value of any kind. */
  skip(): void {
    this.copy();
  }

  /** Consumes a value and returns its text without blanks; numbers keep their spelling. */
  copy(): string {
    const kind = this.next();
    switch (kind) {
      case "object": {
        const fields: string[] = [];
        this.object((name) => fields.push(`${JSON.stringify(name)}:${this.copy()}`));
        return `{${fields.join(",")}}`;
      }
      case "array": {
        const items: string[] = [];
        this.array(() => items.push(this.copy()));
        return `[${items.join(",")}]`;
      }
      case "string":
        return JSON.stringify(this.string());
      case "int":
      case "float":
        return this.number();
      case "end":
        throw this.fail("a value is missing");
      default:
        this.literal(kind);
        return kind;
    }
  }
}
