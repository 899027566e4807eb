import { translateJavaRegex } from "./java-regex-translate.js";

/** One match: its place and the places of its groups. */
export interface JavaMatch {
  readonly start: number;
  readonly end: number;
  /** Text of group `i` of the Java pattern (0 the whole match); undefined when the group took no part. */
  group(i: number): string | undefined;
}

const insidePair = (text: string, at: number): boolean =>
  at > 0 && (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;

function dropTrailingEmpty(pieces: string[]): void {
  while (pieces.length > 0 && pieces[pieces.length - 1] === "") pieces.pop();
}

/** Whether a translated expression is a single literal or a single class. */
function isOneCharacter(source: string): boolean {
  if (/^(?:[a-zA-Z0-9]|\\u\{[0-9a-f]+\})$/.test(source)) return true;
  let depth = 0;
  for (let i = 0; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === "[") depth++;
    else if (source[i] === "]" && --depth === 0) return i === source.length - 1;
    if (depth === 0) return false;
  }
  return false;
}

/**
 * A `java.util.regex.Pattern`: Java's syntax and meaning (ASCII classes, `$` before a last line terminator, possessive
 * quantifiers, class intersections, inline flags) on JavaScript's engine. Differs from Java in two corners: a reference
 * to a group that took no part matches the empty text, and a repeated group forgets its last capture.
 */
export class JavaRegex {
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
  private readonly expression: RegExp;
  private readonly groups: readonly number[];
  /** Whether every match is one character, or a run of such: then JavaScript's own split agrees with Java's. */
  private readonly oneCharacter: boolean;

  /** Throws `IllegalArgumentException` with Java's message when the pattern is wrong. */
  constructor(readonly pattern: string) {
    const translated = translateJavaRegex(pattern);
    this.expression = new RegExp(translated.source, "gv");
    this.groups = translated.groups;
    this.oneCharacter = isOneCharacter(translated.source.replace(/^\(\?:(.*)\)\+$/, "$1"));
    this.groupCount = translated.groups.length - 1;
    this.names = translated.names;
  }

  /** The first match at or behind `from`, as `Matcher.find(int)`. */
  find(text: string, from = 0): JavaMatch | undefined {
    if (from > text.length) return undefined;
    if (insidePair(text, from)) return this.findInsidePair(text, from);
    const { expression, groups } = this;
    expression.lastIndex = from;
    const found = expression.exec(text);
    if (found === null) return undefined;
    if (found[0] === "" && insidePair(text, found.index)) return this.findInsidePair(text, found.index);
    return { start: found.index, end: found.index + found[0].length, group: (i) => found[groups[i]] };
  }

  /** Java also searches between the halves of a surrogate pair, where only an empty match can lie; JavaScript does not. */
  private findInsidePair(text: string, from: number): JavaMatch | undefined {
    this.expression.lastIndex = from;
    const found = this.expression.exec(`${text.slice(0, from - 1)}\ufffd\ufffd${text.slice(from + 1)}`);
    if (found?.index !== from || found[0] !== "") return this.find(text, from + 1);
    return { start: from, end: from, group: (i) => found[this.groups[i]] };
  }

  /** All matches from left to right, as repeated `Matcher.find()`. */
  *findAll(text: string): Generator<JavaMatch, void, undefined> {
    for (let match = this.find(text); match;) {
      yield match;
      match = this.find(text, match.end === match.start ? match.end + 1 : match.end);
    }
  }

  /** Texts of all matches from left to right. */
  findTexts(text: string): string[] {
    if (this.oneCharacter) return text.match(this.expression) ?? [];
    return Array.from(this.findAll(text), ({ start, end }) => text.slice(start, end));
  }

  /** True when a match exists anywhere, as `Matcher.find()`. */
  test(text: string): boolean {
    this.expression.lastIndex = 0;
    return this.expression.test(text);
  }

  /**
   * Pieces between matches, as `Pattern.split(text, limit)`: with limit 0 trailing empty pieces are dropped, with a
   * positive limit there are at most that many pieces, with a negative one all are kept.
   */
  split(text: string, limit = 0): string[] {
    if (this.oneCharacter && limit <= 0) {
      const pieces = text.split(this.expression);
      if (limit === 0 && pieces.length > 1) dropTrailingEmpty(pieces);
      return pieces;
    }
    const pieces: string[] = [];
    let start = 0;
    for (const match of this.findAll(text)) {
      if (limit > 0 && pieces.length === limit - 1) break;
      if (match.end === 0) continue;
      pieces.push(text.slice(start, match.start));
      start = match.end;
    }
    if (start === 0 && pieces.length === 0) return [text];
    pieces.push(text.slice(start));
    if (limit === 0) dropTrailingEmpty(pieces);
    return pieces;
  }
}
