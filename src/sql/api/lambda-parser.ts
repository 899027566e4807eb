import type { AttributeExpression, Expression } from "../expressions/index.js";
import { BooleanType, NumericType, StringType, type DataType } from "../types/index.js";
import { literal } from "./literal.js";

/** Thrown inside the parser where the text leaves the subset that has an equal column expression. */
class NotAnExpression extends Error {}

interface Typed {
  readonly expression: Expression;
  readonly kind: "boolean" | "number" | "string" | "null" | "other";
}

const tokenPattern =
  /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\$]|\\.)*`)|([A-Za-z_$][\w$]*)|(===|!==|==|!=|<=|>=|&&|\|\||\?\?|\?\.|[-+*/%<>!?:().,[\]]))/y;

/** The function as a column expression over the attributes, or undefined when its text says more than that. */
export function parseLambda(
  lambda: (...args: never[]) => unknown,
  attributes: readonly AttributeExpression[],
): Expression | undefined {
  const source = lambda.toString();
  const arrow = /^\s*(?:\(\s*([A-Za-z_$][\w$]*)\s*\)|([A-Za-z_$][\w$]*))\s*=>\s*([\s\S]*)$/.exec(source);
  if (!arrow) return undefined;
  let body = arrow[3].trim();
  const block = /^\{\s*return\b([\s\S]*?);?\s*\}$/.exec(body);
  if (block) body = block[1].trim();
  else if (body.startsWith("{")) return undefined;
  try {
    const parser = new LambdaParser(tokens(body), arrow[1] ?? arrow[2], attributes);
    return parser.parse();
  } catch (error) {
    if (error instanceof NotAnExpression) return undefined;
    throw error;
  }
}

function tokens(text: string): string[] {
  const found: string[] = [];
  tokenPattern.lastIndex = 0;
  let end = 0;
  for (let match = tokenPattern.exec(text); match; match = tokenPattern.exec(text)) {
    found.push(match[0].trim());
    end = tokenPattern.lastIndex;
  }
  if (text.slice(end).trim() !== "") throw new NotAnExpression();
  return found;
}

const call = (name: string, ...args: readonly Expression[]): Expression => ({ kind: "call", name, args });
const comparisons: Readonly<Record<string, string>> = { "<": "<", "<=": "<=", ">": ">", ">=": ">=" };
const methods: Readonly<Record<string, readonly [fn: string, arity: number, kind: Typed["kind"]]>> = {
  startsWith: ["startswith", 1, "boolean"],
  endsWith: ["endswith", 1, "boolean"],
  includes: ["contains", 1, "boolean"],
  toLowerCase: ["lower", 0, "string"],
  toUpperCase: ["upper", 0, "string"],
  trim: ["trim", 0, "string"],
};

/** Recursive descent over one expression of the row parameter. */
class LambdaParser {
  private at = 0;

  constructor(
    private readonly list: readonly string[],
    private readonly row: string,
    private readonly attributes: readonly AttributeExpression[],
  ) {}

  parse(): Expression {
    const result = this.conditional();
    if (this.at < this.list.length || result.kind !== "boolean") throw new NotAnExpression();
    return result.expression;
  }

  private take(token: string): boolean {
    if (this.list[this.at] !== token) return false;
    this.at++;
    return true;
  }
  private expect(token: string): void {
    if (!this.take(token)) throw new NotAnExpression();
  }

  private conditional(): Typed {
    const test = this.or();
    if (!this.take("?")) return test;
    const yes = this.conditional();
    this.expect(":");
    const no = this.conditional();
    if (test.kind !== "boolean" || yes.kind !== no.kind) throw new NotAnExpression();
    return { expression: call("when", test.expression, yes.expression, no.expression), kind: yes.kind };
  }
  private or(): Typed {
    let left = this.and();
    while (this.take("||")) left = both("or", left, this.and());
    return left;
  }
  private and(): Typed {
    let left = this.comparison();
    while (this.take("&&")) left = both("and", left, this.comparison());
    return left;
  }
  private comparison(): Typed {
    const left = this.sum();
    const op = this.list[this.at];
    if (["===", "==", "!==", "!="].includes(op)) {
      this.at++;
      const right = this.sum();
      if (left.kind !== right.kind && left.kind !== "null" && right.kind !== "null") throw new NotAnExpression();
      const equal = call("<=>", left.expression, right.expression);
      return { expression: op.startsWith("!") ? call("not", equal) : equal, kind: "boolean" };
    }
    if (!(op in comparisons)) return left;
    this.at++;
    const right = this.sum();
    if (left.kind !== right.kind || (left.kind !== "number" && left.kind !== "string")) throw new NotAnExpression();
    return { expression: call(comparisons[op], left.expression, right.expression), kind: "boolean" };
  }
  private sum(): Typed {
    let left = this.product();
    for (;;) {
      const op = this.list[this.at];
      if (op !== "+" && op !== "-") return left;
      this.at++;
      const right = this.product();
      if (op === "+" && left.kind === "string" && right.kind === "string") {
        left = { expression: call("concat", left.expression, right.expression), kind: "string" };
      } else left = numeric(op, left, right);
    }
  }
  private product(): Typed {
    let left = this.unary();
    for (;;) {
      const op = this.list[this.at];
      if (op !== "*" && op !== "/" && op !== "%") return left;
      this.at++;
      const right = this.unary();
      // Division by zero is Infinity or NaN in JavaScript, an error in SQL: only safe divisors are translated.
      if (op !== "*" && !(right.expression.kind === "literal" && Number(right.expression.value) !== 0))
        throw new NotAnExpression();
      left = numeric(op, left, right);
    }
  }
  private unary(): Typed {
    if (this.take("!")) {
      const operand = this.unary();
      if (operand.kind !== "boolean") throw new NotAnExpression();
      return { expression: call("not", call("coalesce", operand.expression, literal(false))), kind: "boolean" };
    }
    if (this.take("-")) {
      const operand = this.unary();
      if (operand.kind !== "number") throw new NotAnExpression();
      return { expression: call("negative", operand.expression), kind: "number" };
    }
    return this.postfix();
  }
  private postfix(): Typed {
    let value = this.primary();
    while (this.take(".")) {
      const name = this.list[this.at++];
      if (value.kind !== "string") throw new NotAnExpression();
      if (name === "length" && this.list[this.at] !== "(") {
        value = { expression: call("length", value.expression), kind: "number" };
        continue;
      }
      const method = methods[name];
      if (!method) throw new NotAnExpression();
      this.expect("(");
      const args = method[1] === 1 ? [this.conditional()] : [];
      this.expect(")");
      if (args.some((arg) => arg.kind !== "string")) throw new NotAnExpression();
      value = { expression: call(method[0], value.expression, ...args.map((arg) => arg.expression)), kind: method[2] };
    }
    return value;
  }
  private primary(): Typed {
    const token = this.list[this.at++];
    if (token === undefined) throw new NotAnExpression();
    if (token === "(") {
      const inner = this.conditional();
      this.expect(")");
      return inner;
    }
    if (/^[\d.]/.test(token) && token !== ".") return { expression: literal(Number(token)), kind: "number" };
    if (/^["'`]/.test(token)) return { expression: literal(unquoted(token)), kind: "string" };
    if (token === "true" || token === "false") return { expression: literal(token === "true"), kind: "boolean" };
    if (token === "null" || token === "undefined") return { expression: literal(null), kind: "null" };
    if (token !== this.row) throw new NotAnExpression();
    return this.column();
  }
  private column(): Typed {
    let name: string;
    if (this.take(".")) name = this.list[this.at++];
    else {
      this.expect("[");
      const quoted = this.list[this.at++];
      if (!/^["'`]/.test(quoted)) throw new NotAnExpression();
      name = unquoted(quoted);
      this.expect("]");
    }
    const found = this.attributes.filter((a) => a.name === name);
    if (found.length !== 1) throw new NotAnExpression();
    return { expression: found[0], kind: kindOf(found[0].type) };
  }
}

function both(name: "and" | "or", left: Typed, right: Typed): Typed {
  if (left.kind !== "boolean" || right.kind !== "boolean") throw new NotAnExpression();
  return { expression: call(name, left.expression, right.expression), kind: "boolean" };
}

function numeric(op: string, left: Typed, right: Typed): Typed {
  if (left.kind !== "number" || right.kind !== "number") throw new NotAnExpression();
  return { expression: call(op, left.expression, right.expression), kind: "number" };
}

const kindOf = (type: DataType): Typed["kind"] =>
  type instanceof BooleanType
    ? "boolean"
    : type instanceof StringType
      ? "string"
      : type instanceof NumericType
        ? "number"
        : "other";

const unquoted = (token: string): string =>
  token
    .slice(1, -1)
    .replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, c: string) =>
      c.length > 1 ? String.fromCharCode(parseInt(c.slice(1), 16)) : ({ n: "\n", t: "\t", r: "\r" }[c] ?? c),
    );
