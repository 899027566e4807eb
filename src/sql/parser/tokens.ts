import { ParseException } from "../../common/index.js";

export interface Token {
  readonly kind: "word" | "quoted" | "string" | "number" | "symbol" | "end";
  /** Text without quotes; a number with its suffix. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const patterns = [
  ["space", /\s+|--[^\n]*|\/\*[\s\S]*?\*\//y],
  ["number", /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:BD|[LSYDF])?(?![A-Za-z_0-9])/iy],
  ["word", /[A-Za-z_][A-Za-z_0-9]*/y],
  ["quoted", /`(?:[^`]|``)*`/y],
  ["string", /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"/y],
  ["symbol", /<=>|<>|!=|==|<=|>=|\|\||->|[-+*/%&|^~<>=!(),.[\]:]/y],
] as const;

/** Cuts SQL text into tokens; the last one is `end`. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < sql.length) {
    const start = at;
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at;
      const match = pattern.exec(sql)?.[0];
      if (match === undefined) continue;
      at += match.length;
      if (kind !== "space") tokens.push({ kind, text: textOf(kind, match), start, end: at });
      break;
    }
    if (at === start) throw syntaxError(sql, sql[at]);
  }
  return [...tokens, { kind: "end", text: "end of input", start: at, end: at }];
}

function textOf(kind: string, match: string): string {
  if (kind === "quoted") return match.slice(1, -1).replaceAll("``", "`");
  return kind === "string" ? unescape(match.slice(1, -1), match[0]) : match;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", "0": "\0", Z: "\x1a" };

/** Spark's string escapes; `\%` and `\_` keep their backslash, for LIKE. */
function unescape(body: string, quote: string): string {
  return body.replace(
    /\\u([0-9A-Fa-f]{4})|\\([0-3][0-7]{2})|\\([\s\S])|(''|"")/g,
    (all, unicode, octal, one, doubled) => {
      if (unicode) return String.fromCharCode(Number.parseInt(unicode as string, 16));
      if (octal) return String.fromCharCode(Number.parseInt(octal as string, 8));
      if (doubled) return doubled[0] === quote ? quote : (doubled as string);
      if (one === "%" || one === "_") return all as string;
      return escapes[one as string] ?? (one as string);
    },
  );
}

export const syntaxError = (sql: string, near: string): ParseException =>
  new ParseException(`Syntax error at or near '${near}' in the expression: ${sql}`, {
    condition: "PARSE_SYNTAX_ERROR",
    sqlState: "42601",
    parameters: { error: `'${near}'`, hint: "" },
  });
