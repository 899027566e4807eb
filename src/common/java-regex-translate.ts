import { BOUNDARY_WORD, LINE_TERMINATORS, VERTICAL } from "./java-regex-classes.js";
import { flagNames, type JavaRegexFlags, JavaRegexReader, literal } from "./java-regex-reader.js";

/** What a Java pattern became. */
export interface TranslatedRegex {
  /** Source for a `RegExp` with the `v` flag. */
  readonly source: string;
  /** JavaScript's index of each group of the Java pattern; entry 0 is the whole match. */
  readonly groups: readonly number[];
  readonly names: ReadonlyMap<string, number>;
}

/** Capturing groups are numbered when the whole text is known: atomic groups need captures that Java does not count. */
const OPEN = "\u0001";
const REF = "\u0002";
const END = "\u0003";

/** Translates the syntax of `java.util.regex.Pattern` (Java 17) to JavaScript's with the `v` flag. */
export function translateJavaRegex(pattern: string): TranslatedRegex {
  return new Translator(pattern).translate();
}

class Translator extends JavaRegexReader {
  private captures = 0;
  /** Ids of Java's groups in order. */
  private readonly javaGroups: number[] = [];
  private readonly names = new Map<string, number>();

  translate(): TranslatedRegex {
    const body = this.alternatives();
    if (this.at < this.code.length) throw this.error("Unmatched closing ')'", this.at - 1);
    const index = new Map<number, number>();
    const numbered = body.replace(new RegExp(`${OPEN}(\\d+)${END}`, "g"), (_, id) => {
      index.set(Number(id), index.size + 1);
      return "";
    });
    const source = numbered.replace(
      new RegExp(`${REF}(\\d+)${END}`, "g"),
      (_, id) => `(?:\\${index.get(Number(id))!})`,
    );
    return { source, groups: [0, ...this.javaGroups.map((id) => index.get(id)!)], names: this.names };
  }

  private alternatives(): string {
    const outer = this.flags;
    let out = this.sequence();
    while (this.take("|")) out += `|${this.sequence()}`;
    this.flags = outer;
    return out;
  }

  private sequence(): string {
    let out = "";
    for (;;) {
      this.skipComments();
      const c = this.peek();
      if (c === "" || c === "|" || c === ")") return out;
      const atom = this.atom();
      out += atom === undefined ? "" : this.quantified(atom);
    }
  }

  private quantified(atom: string): string {
    this.skipComments();
    const quantifier = this.quantifier();
    if (quantifier === "") return atom;
    if (this.take("?")) return `(?:${atom})${quantifier}?`;
    if (this.take("+")) return this.atomic(`(?:${atom})${quantifier}`);
    return `(?:${atom})${quantifier}`;
  }

  private quantifier(): string {
    const c = this.peek();
    if (c === "*" || c === "+" || c === "?") return this.next();
    if (c !== "{") return "";
    this.at++;
    const least = this.digits();
    if (least === "") throw this.error("Illegal repetition");
    let most = least;
    let comma = false;
    if (this.take(",")) {
      comma = true;
      most = this.digits();
    }
    if (!this.take("}")) throw this.error("Unclosed counted closure");
    if (most !== "" && Number(most) < Number(least)) throw this.error("Illegal repetition range", this.at - 1);
    return comma ? `{${least},${most}}` : `{${least}}`;
  }

  private digits(): string {
    let out = "";
    while (/^[0-9]$/.test(this.peek())) out += this.next();
    return out;
  }

  /** A match of `body` that is never given back: a lookahead captures it, a reference consumes it. */
  private atomic(body: string): string {
    const id = this.captures++;
    return `(?:(?=${OPEN}${id}${END}(${body}))${REF}${id}${END})`;
  }

  private atom(): string | undefined {
    const c = this.next();
    switch (c) {
      case "(":
        return this.group();
      case "[":
        return this.set();
      case ".":
        return this.dot();
      case "^":
        return this.start();
      case "$":
        return this.flags.multiline ? this.lineEnd() : this.end();
      case "\\":
        return this.escape();
      case "*":
      case "+":
      case "?":
        throw this.error(`Dangling meta character '${c}'`, this.at - 1);
      case "{":
        throw this.error("Illegal repetition");
      default:
        return this.character(c.codePointAt(0)!);
    }
  }

  private character(code: number): string {
    if (!this.flags.ignoreCase) return literal(code);
    const forms = this.caseForms(code);
    return forms.length === 1 ? literal(code) : `[${forms.map(literal).join("")}]`;
  }

  private get lineTerminators(): string {
    return this.flags.unixLines ? "\\n" : LINE_TERMINATORS;
  }
  private dot(): string {
    return this.flags.dotAll ? "[\\s\\S]" : `[^${this.lineTerminators}]`;
  }
  private start(): string {
    if (!this.flags.multiline) return "(?<![\\s\\S])";
    if (this.flags.unixLines) return "(?:(?:(?<![\\s\\S])|(?<=\\n))(?=[\\s\\S]))";
    return `(?:(?:(?<![\\s\\S])|(?<=[${LINE_TERMINATORS}])(?<!\\r(?=\\n)))(?=[\\s\\S]))`;
  }
  private lineEnd(): string {
    if (this.flags.unixLines) return "(?=\\n|(?![\\s\\S]))";
    return `(?=(?![\\s\\S])|[\\r\\u{85}\\u{2028}\\u{2029}]|(?<!\\r)\\n)`;
  }
  /** The end of the input, or the line terminator that ends it. */
  private end(): string {
    if (this.flags.unixLines) return "(?=\\n?(?![\\s\\S]))";
    return "(?=(?:\\r\\n|[\\r\\u{85}\\u{2028}\\u{2029}]|(?<!\\r)\\n)?(?![\\s\\S]))";
  }

  private group(): string | undefined {
    if (!this.take("?")) {
      const id = this.captures++;
      this.javaGroups.push(id);
      return `${OPEN}${id}${END}(${this.closed()})`;
    }
    for (const [opening, emitted] of [
      [":", "(?:"],
      ["=", "(?="],
      ["!", "(?!"],
      ["<=", "(?<="],
      ["<!", "(?<!"],
    ]) {
      if (this.take(opening)) return `${emitted}${this.closed()})`;
    }
    if (this.take(">")) return this.atomic(this.closed());
    if (this.take("<")) {
      if (!/^[a-zA-Z]$/.test(this.peek())) {
        throw this.error("capturing group name does not start with a Latin letter");
      }
      let name = "";
      while (/^[a-zA-Z0-9]$/.test(this.peek())) name += this.next();
      if (!this.take(">")) throw this.error("named capturing group is missing trailing '>'");
      if (this.names.has(name)) throw this.error(`Named capturing group <${name}> is already defined`);
      const id = this.captures++;
      this.javaGroups.push(id);
      this.names.set(name, this.javaGroups.length);
      return `${OPEN}${id}${END}(${this.closed()})`;
    }
    return this.inlineFlags();
  }

  private inlineFlags(): string | undefined {
    const changed: { -readonly [K in keyof JavaRegexFlags]: boolean } = { ...this.flags };
    let on = true;
    for (;;) {
      const c = this.next();
      if (c === "-" && on) on = false;
      else if (c === ")") {
        this.flags = changed;
        return undefined;
      } else if (c === ":") {
        const outer = this.flags;
        this.flags = changed;
        const body = this.closed();
        this.flags = outer;
        return `(?:${body})`;
      } else if (c in flagNames) {
        changed[flagNames[c]] = on;
        if (c === "U") changed.unicodeCase = on || changed.unicodeCase;
      } else throw this.error("Unknown inline modifier", this.at - 1);
    }
  }

  private closed(): string {
    const body = this.alternatives();
    if (!this.take(")")) throw this.error("Unclosed group");
    return body;
  }

  private escape(): string | undefined {
    const c = this.peek();
    switch (c) {
      case "b":
      case "B": {
        this.at++;
        const word = `[${BOUNDARY_WORD}]`;
        const edge = `(?<=${word})(?!${word})|(?<!${word})(?=${word})`;
        return c === "b" ? `(?:${edge})` : `(?!${edge})`;
      }
      case "A":
        this.at++;
        return "(?<![\\s\\S])";
      case "z":
        this.at++;
        return "(?![\\s\\S])";
      case "Z":
        this.at++;
        return this.end();
      case "R":
        this.at++;
        return `(?:\\r\\n|[${VERTICAL}])`;
      case "k":
        return this.namedReference();
      case "G":
      case "X":
      case "N":
        throw this.error(`kindling does not support \\${c} in a regular expression`);
    }
    if (/^[1-9]$/.test(c)) return this.reference();
    const set = this.escapedSet();
    return set === undefined ? this.character(this.escapedCharacter()) : `[${set}]`;
  }

  private namedReference(): string {
    this.at++;
    let name = "";
    if (!this.take("<")) throw this.error("\\k is not followed by '<' for named capturing group");
    while (this.at < this.code.length && this.peek() !== ">") name += this.next();
    this.at++;
    const group = this.names.get(name);
    if (group === undefined) throw this.error(`named capturing group <${name}> does not exist`, this.at - 1);
    return `${REF}${this.javaGroups[group - 1]}${END}`;
  }

  /** Java reads as many digits as still name a group; a group that does not exist never matches. */
  private reference(): string {
    let number = Number(this.next());
    while (/^[0-9]$/.test(this.peek()) && number * 10 + Number(this.peek()) <= this.javaGroups.length) {
      number = number * 10 + Number(this.next());
    }
    return number <= this.javaGroups.length ? `${REF}${this.javaGroups[number - 1]}${END}` : "(?!)";
  }
}
