import { IllegalArgumentException } from "./errors.js";
import { DIGIT, HORIZONTAL, propertyClass, SPACE, VERTICAL, WORD } from "./java-regex-classes.js";

export interface JavaRegexFlags {
  readonly ignoreCase: boolean;
  readonly unicodeCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly comments: boolean;
  readonly unixLines: boolean;
  readonly unicodeClasses: boolean;
}
const noFlags: JavaRegexFlags = {
  ignoreCase: false,
  unicodeCase: false,
  multiline: false,
  dotAll: false,
  comments: false,
  unixLines: false,
  unicodeClasses: false,
};
export const flagNames: Readonly<Record<string, keyof JavaRegexFlags>> = {
  i: "ignoreCase",
  u: "unicodeCase",
  m: "multiline",
  s: "dotAll",
  x: "comments",
  d: "unixLines",
  U: "unicodeClasses",
};

const simpleEscapes: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 };

/** The character in a JavaScript expression, escaped unless it is a letter or a digit. */
export const literal = (code: number): string =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
    ? String.fromCharCode(code)
    : `\\u{${code.toString(16)}}`;

const swapAscii = (code: number): number =>
  (code >= 65 && code <= 90) || (code >= 97 && code <= 122) ? code ^ 32 : code;

/** Writes the text between `\\Q` and `\\E` with escapes, as Java does before it reads a pattern. */
const unquoted = (pattern: string): string =>
  pattern.replace(/(\\[^Q])|\\Q([\s\S]*?)(?:\\E|$)/g, (_, other: string | undefined, text: string) =>
    other === undefined ? text.replace(/[\0-\x7f]/g, (c) => (/[A-Za-z0-9]/.test(c) ? c : `\\${c}`)) : other,
  );

let folded: Map<number, number[]> | undefined;

/** Characters of the basic plane that fold to the same letter, as Java's `UNICODE_CASE` compares them. */
function unicodeCaseForms(code: number): readonly number[] {
  const fold = (c: number): number => {
    const upper = String.fromCodePoint(c).toUpperCase();
    const lower = ([...upper].length === 1 ? upper : String.fromCodePoint(c)).toLowerCase();
    return [...lower].length === 1 ? lower.codePointAt(0)! : c;
  };
  if (!folded) {
    folded = new Map();
    for (let c = 0; c < 0x10000; c++) {
      const key = fold(c);
      const same = folded.get(key);
      if (same) same.push(c);
      else folded.set(key, [c]);
    }
  }
  return folded.get(fold(code)) ?? [];
}

/** Reads the characters, escapes and classes of a Java pattern; what surrounds them is `Translator`'s. */
export abstract class JavaRegexReader {
  protected readonly code: readonly number[];
  protected at = 0;
  protected flags: JavaRegexFlags = noFlags;

  constructor(protected readonly pattern: string) {
    this.code = Array.from(unquoted(pattern), (c) => c.codePointAt(0)!);
  }

  protected error(reason: string, at = this.at): IllegalArgumentException {
    const where = at >= 0 ? ` near index ${at}` : "";
    return new IllegalArgumentException(`${reason}${where}\n${this.pattern}`);
  }

  protected peek(offset = 0): string {
    const code = this.code[this.at + offset];
    return code === undefined ? "" : String.fromCodePoint(code);
  }
  protected next(): string {
    const c = this.peek();
    this.at++;
    return c;
  }
  protected take(text: string): boolean {
    for (let k = 0; k < text.length; k++) if (this.peek(k) !== text[k]) return false;
    this.at += text.length;
    return true;
  }

  protected skipComments(): void {
    if (!this.flags.comments) return;
    for (;;) {
      const c = this.peek();
      if (c !== "" && " \t\n\v\f\r".includes(c)) this.at++;
      else if (c === "#") while (this.at < this.code.length && this.next() !== "\n");
      else return;
    }
  }

  protected caseForms(code: number): number[] {
    const forms = this.flags.unicodeCase ? unicodeCaseForms(code) : [];
    return [...new Set([code, swapAscii(code), ...forms])];
  }

  /** The set that an escape such as `\d` or `\p{Lu}` names, consuming it; undefined for an escaped character. */
  protected escapedSet(): string | undefined {
    const c = this.peek();
    const unicode = this.flags.unicodeClasses;
    const sets: Record<string, string> = {
      d: unicode ? "\\p{Nd}" : DIGIT,
      w: unicode ? "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}" : WORD,
      s: unicode ? "\\p{White_Space}" : SPACE,
      h: HORIZONTAL,
      v: VERTICAL,
    };
    if (c in sets) {
      this.at++;
      return sets[c];
    }
    const positive = c.toLowerCase();
    if (c !== positive && positive in sets) {
      this.at++;
      return `[^${sets[positive]}]`;
    }
    if (positive !== "p") return undefined;
    this.at++;
    let name = this.next();
    if (name === "{") {
      const start = this.at;
      while (this.at < this.code.length && this.peek() !== "}") this.at++;
      if (this.at >= this.code.length) throw this.error("Unclosed character family");
      name = String.fromCodePoint(...this.code.slice(start, this.at++));
    }
    const set = propertyClass(name, this.flags.ignoreCase, unicode);
    if (set === undefined) throw this.error(`Unknown character property name {${name}}`, this.at - 1);
    return c === "P" ? `[^${set}]` : set;
  }

  protected escapedCharacter(): number {
    const c = this.next();
    if (c === "") throw this.error("Unexpected internal error");
    if (c in simpleEscapes) return simpleEscapes[c];
    if (c === "x") {
      if (this.take("{")) {
        const digits = this.hexadecimal(1, 6);
        if (!this.take("}")) throw this.error("Unclosed hexadecimal escape sequence");
        return digits;
      }
      return this.hexadecimal(2, 2);
    }
    if (c === "u") {
      const high = this.hexadecimal(4, 4);
      if ((high & 0xfc00) !== 0xd800 || !this.take("\\u")) return high;
      return 0x10000 + ((high & 0x3ff) << 10) + (this.hexadecimal(4, 4) & 0x3ff);
    }
    if (c === "c") return this.code[this.at++] ^ 64;
    if (c === "0") {
      const octal = /^(?:[0-3]?[0-7]?[0-7])/.exec(this.peek() + this.peek(1) + this.peek(2))?.[0] ?? "";
      if (octal === "") throw this.error("Illegal octal escape sequence");
      this.at += octal.length;
      return parseInt(octal, 8);
    }
    if (/^[a-zA-Z0-9]$/.test(c)) throw this.error("Illegal/unsupported escape sequence", this.at - 1);
    return c.codePointAt(0)!;
  }

  protected hexadecimal(least: number, most: number): number {
    let digits = "";
    while (digits.length < most && /^[0-9a-fA-F]$/.test(this.peek())) digits += this.next();
    if (digits.length < least) throw this.error("Illegal hexadecimal escape sequence");
    return parseInt(digits, 16);
  }

  /** A class, whose `[` was read: unions nest, `&&` intersects, `^` negates the whole. */
  protected set(): string {
    const negated = this.take("^");
    const operands: string[] = [];
    let members = "";
    let empty = true;
    for (;;) {
      this.skipComments();
      if (this.at >= this.code.length) throw this.error("Unclosed character class", this.code.length - 1);
      if (this.peek() === "]" && !empty) break;
      if (this.take("&&")) {
        if (members !== "") operands.push(members);
        members = "";
        while (this.take("&"));
        empty = false;
        continue;
      }
      members += this.take("[") ? this.set() : this.setMember();
      empty = false;
    }
    this.at++;
    if (members !== "") operands.push(members);
    const open = negated ? "[^" : "[";
    if (operands.length <= 1) return `${open}${operands[0] ?? ""}]`;
    return `${open}${operands.map((operand) => `[${operand}]`).join("&&")}]`;
  }

  protected setMember(): string {
    if (this.peek() === "\\") {
      this.at++;
      const set = this.escapedSet();
      if (set !== undefined) return set;
      return this.range(this.escapedCharacter());
    }
    return this.range(this.code[this.at++]);
  }

  protected range(from: number): string {
    const follower = this.peek(1);
    if (this.peek() !== "-" || follower === "]" || follower === "[" || follower === "") {
      return (this.flags.ignoreCase ? this.caseForms(from) : [from]).map(literal).join("");
    }
    this.at++;
    let to: number;
    if (this.take("\\")) to = this.escapedCharacter();
    else to = this.code[this.at++];
    if (to < from) throw this.error("Illegal character range", this.at - 1);
    const text = `${literal(from)}-${literal(to)}`;
    return this.flags.ignoreCase ? text + this.foldedRange(from, to) : text;
  }

  protected foldedRange(from: number, to: number): string {
    let out = "";
    for (const [first, last] of [
      [65, 90],
      [97, 122],
    ]) {
      const low = Math.max(from, first);
      const high = Math.min(to, last);
      if (low <= high) out += `${literal(low ^ 32)}-${literal(high ^ 32)}`;
    }
    if (this.flags.unicodeCase && to > 127 && to - from < 0x3000) {
      for (let code = Math.max(from, 128); code <= to; code++) {
        out += this.caseForms(code)
          .filter((form) => form < from || form > to)
          .map(literal)
          .join("");
      }
    }
    return out;
  }
}
