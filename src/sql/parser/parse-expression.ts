import type { CallExpression, Expression } from "../expressions/index.js";
import {
  booleanType,
  dateType,
  nullType,
  parseType,
  stringType,
  timestampType,
  type DataType,
} from "../types/index.js";
import { numberLiteral } from "./number-literal.js";
import { syntaxError, tokenize, type Token } from "./tokens.js";

/** Binary operators by binding power, loosest first; the function each stands for. */
const operators: Readonly<Record<string, readonly [power: number, name: string]>> = {
  or: [1, "or"],
  and: [2, "and"],
  "=": [4, "="],
  "==": [4, "="],
  "<=>": [4, "<=>"],
  "<>": [4, "!="],
  "!=": [4, "!="],
  "<": [4, "<"],
  "<=": [4, "<="],
  ">": [4, ">"],
  ">=": [4, ">="],
  "|": [5, "|"],
  "^": [6, "^"],
  "&": [7, "&"],
  "||": [8, "concat"],
  "+": [8, "+"],
  "-": [8, "-"],
  "*": [9, "*"],
  "/": [9, "/"],
  "%": [9, "%"],
  div: [9, "div"],
};
const NOT_POWER = 3;
const COMPARISON_POWER = 4;
const UNARY_POWER = 10;

/** Words that end an expression, so that they are not taken for an alias. */
const reserved = new Set(
  "and or not in is like ilike rlike regexp between when then else end as from asc desc nulls div order by".split(" "),
);

const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: "call", name, args });
const constant = (value: unknown, type: DataType): Expression => ({
  kind: "literal",
  value,
  type,
  nullable: value === null,
});

/** Precedence climbing over Spark's expression grammar. */
class ExpressionParser {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(private readonly sql: string) {
    this.tokens = tokenize(sql);
  }

  /** An expression with an optional alias, up to the end of the text. */
  named(): Expression {
    const child = this.sorted(this.expression());
    const as = this.takeWord("as");
    const { kind, text } = this.peek();
    const isName = kind === "quoted" || (kind === "word" && (as || !reserved.has(text.toLowerCase())));
    if (as && !isName) throw this.error();
    if (isName) this.at++;
    if (this.peek().kind !== "end") throw this.error();
    return isName ? { kind: "alias", child, name: text } : child;
  }

  expression(least = 0): Expression {
    let left = this.takeWord("not") ? call("not", this.expression(NOT_POWER)) : this.unary();
    for (;;) {
      const token = this.peek();
      const key = token.kind === "word" || token.kind === "symbol" ? token.text.toLowerCase() : "";
      const operator = Object.hasOwn(operators, key) ? operators[key] : undefined;
      if (operator && operator[0] > least) {
        this.at++;
        const [power, name] = operator;
        const right = this.expression(power);
        left = name === "!=" ? call("not", call("=", left, right)) : call(name, left, right);
        continue;
      }
      const tested = least < COMPARISON_POWER ? this.predicate(left) : undefined;
      if (!tested) return left;
      left = tested;
    }
  }

  /** `IS NULL`, `IN (...)`, `BETWEEN`, `LIKE` and the like after an operand, with an optional NOT. */
  private predicate(left: Expression): Expression | undefined {
    if (this.takeWord("is")) {
      const negated = this.takeWord("not");
      if (negated && this.takeWord("null")) return call("isnotnull", left);
      const test = this.isTest(left);
      return negated ? call("not", test) : test;
    }
    const start = this.at;
    const negated = this.takeWord("not");
    const test = this.comparison(left);
    if (!test) {
      this.at = start;
      return undefined;
    }
    return negated ? call("not", test) : test;
  }

  private isTest(left: Expression): Expression {
    if (this.takeWord("null")) return call("isnull", left);
    if (this.takeWord("true")) return call("<=>", left, constant(true, booleanType));
    if (this.takeWord("false")) return call("<=>", left, constant(false, booleanType));
    if (this.takeWord("distinct")) {
      this.expectWord("from");
      return call("not", call("<=>", left, this.expression(COMPARISON_POWER)));
    }
    throw this.error();
  }

  private comparison(left: Expression): Expression | undefined {
    if (this.takeWord("in")) {
      this.expect("(");
      return call("in", left, ...this.list(")"));
    }
    if (this.takeWord("between")) {
      const low = this.expression(COMPARISON_POWER);
      this.expectWord("and");
      return call("and", call(">=", left, low), call("<=", left, this.expression(COMPARISON_POWER)));
    }
    for (const [word, name] of [
      ["like", "like"],
      ["ilike", "ilike"],
      ["rlike", "rlike"],
      ["regexp", "rlike"],
    ]) {
      if (!this.takeWord(word)) continue;
      const pattern = this.expression(COMPARISON_POWER);
      return this.takeWord("escape")
        ? call(name, left, pattern, this.expression(COMPARISON_POWER))
        : call(name, left, pattern);
    }
    return undefined;
  }

  private unary(): Expression {
    if (this.take("-")) {
      const operand = this.expression(UNARY_POWER);
      const negatable =
        operand.kind === "literal" && (typeof operand.value === "number" || typeof operand.value === "bigint");
      return negatable ? { ...operand, value: -(operand.value as number) } : call("negative", operand);
    }
    if (this.take("+")) return this.expression(UNARY_POWER);
    if (this.take("~")) return call("~", this.expression(UNARY_POWER));
    if (this.take("!")) return call("not", this.expression(UNARY_POWER));
    return this.postfix(this.primary());
  }

  /** `a[0]` and `f(x).field`. */
  private postfix(operand: Expression): Expression {
    if (this.take("[")) {
      const key = this.expression();
      this.expect("]");
      return this.postfix(call("getItem", operand, key));
    }
    if (this.take(".")) return this.postfix(call("getItem", operand, constant(this.name(), stringType)));
    return operand;
  }

  private primary(): Expression {
    const token = this.next();
    switch (token.kind) {
      case "number":
        return numberLiteral(token.text);
      case "string": {
        let { text } = token;
        while (this.peek().kind === "string") text += this.next().text;
        return constant(text, stringType);
      }
      case "quoted":
        return this.reference(token.text);
      case "word":
        return this.word(token);
      default:
        if (token.text === "(") return this.parenthesised();
        if (token.text === "*") return { kind: "star" };
        throw this.error(token);
    }
  }

  private parenthesised(): Expression {
    const items = this.list(")");
    if (items.length === 0) throw this.error();
    return items.length === 1 ? items[0] : call("struct", ...items);
  }

  private word(token: Token): Expression {
    const lower = token.text.toLowerCase();
    if (lower === "true" || lower === "false") return constant(lower === "true", booleanType);
    if (lower === "null") return constant(null, nullType);
    if (lower === "case") return this.caseWhen();
    if (lower === "interval") throw this.error(token);
    const typed = lower === "date" ? dateType : lower === "timestamp" ? timestampType : undefined;
    if (typed && this.peek().kind === "string") {
      return { kind: "cast", child: constant(this.next().text, stringType), type: typed, lenient: false };
    }
    if (this.peek().text !== "(" || this.peek().kind !== "symbol") {
      if (reserved.has(lower)) throw this.error(token);
      return this.reference(token.text);
    }
    this.at++;
    if (lower === "cast" || lower === "try_cast") return this.cast(lower === "try_cast");
    const distinct = this.takeWord("distinct");
    const args = this.list(")");
    const plain: CallExpression = { kind: "call", name: token.text, args };
    return distinct ? { ...plain, distinct: true } : plain;
  }

  /** `a.b.c`, or `a.*`. */
  private reference(first: string): Expression {
    const parts = [first];
    while (this.take(".")) {
      if (this.take("*")) return { kind: "star", qualifier: parts };
      parts.push(this.name());
    }
    return { kind: "unresolved", nameParts: parts };
  }

  private cast(lenient: boolean): Expression {
    const child = this.expression();
    this.expectWord("as");
    const { start } = this.peek();
    let depth = 0;
    while (depth > 0 || this.peek().text !== ")") {
      const { kind, text } = this.next();
      if (kind === "end") throw this.error();
      depth += text === "(" ? 1 : text === ")" ? -1 : 0;
    }
    const type = parseType(this.sql.slice(start, this.next().start).trim());
    return { kind: "cast", child, type, lenient };
  }

  /** CASE [value] WHEN ... THEN ... [ELSE ...] END. */
  private caseWhen(): Expression {
    const subject = this.peek().text.toLowerCase() === "when" ? undefined : this.expression();
    const args: Expression[] = [];
    while (this.takeWord("when")) {
      const condition = this.expression();
      this.expectWord("then");
      args.push(subject ? call("=", subject, condition) : condition, this.expression());
    }
    if (args.length === 0) throw this.error();
    if (this.takeWord("else")) args.push(this.expression());
    this.expectWord("end");
    return call("when", ...args);
  }

  private sorted(child: Expression): Expression {
    const descending = this.takeWord("desc");
    if (!descending && !this.takeWord("asc") && this.peek().text.toLowerCase() !== "nulls") return child;
    let nullsFirst = !descending;
    if (this.takeWord("nulls")) {
      nullsFirst = this.takeWord("first");
      if (!nullsFirst) this.expectWord("last");
    }
    return { kind: "sort", child, ascending: !descending, nullsFirst };
  }

  private list(close: string): Expression[] {
    if (this.take(close)) return [];
    const items: Expression[] = [];
    do items.push(this.expression());
    while (this.take(","));
    this.expect(close);
    return items;
  }

  private name(): string {
    const token = this.next();
    if (token.kind !== "word" && token.kind !== "quoted") throw this.error(token);
    return token.text;
  }
  private peek(): Token {
    return this.tokens[this.at];
  }
  private next(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.at++;
    return token;
  }
  private take(symbol: string): boolean {
    const found = this.peek().kind === "symbol" && this.peek().text === symbol;
    if (found) this.at++;
    return found;
  }
  private takeWord(word: string): boolean {
    const found = this.peek().kind === "word" && this.peek().text.toLowerCase() === word;
    if (found) this.at++;
    return found;
  }
  private expect(symbol: string): void {
    if (!this.take(symbol)) throw this.error();
  }
  private expectWord(word: string): void {
    if (!this.takeWord(word)) throw this.error();
  }
  private error(token: Token = this.peek()): Error {
    return syntaxError(this.sql, token.text);
  }
}

/** The unresolved expression that SQL text such as `price * 1.2 AS gross` stands for. */
export const parseExpression = (sql: string): Expression => new ExpressionParser(sql).named();
