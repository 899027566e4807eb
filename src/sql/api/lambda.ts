import type { ArrowFunctionExpression, Expression as Syntax, Node, Program } from "estree";
import { functionSyntax, readScopes } from "../../exec/closure/index.js";
import type { Expression } from "../expressions/index.js";
import { literal } from "./literal.js";

/** A function of a row, such as `r => r.age > 21 && r.city === "Seoul"`. */
// eslint-disable-next-line typescript/no-explicit-any -- rows are typed by the caller
export type RowLambda = (row: any) => unknown;

const call = (name: string, ...args: Expression[]): Expression => ({ kind: "call", name, args });

/** JavaScript operators and their SQL counterparts. `===` becomes `<=>`: both are true for two nulls and never null. */
const binary: Readonly<Record<string, (a: Expression, b: Expression) => Expression>> = {
  "===": (a, b) => call("<=>", a, b),
  "!==": (a, b) => call("not", call("<=>", a, b)),
  ">": (a, b) => call(">", a, b),
  ">=": (a, b) => call(">=", a, b),
  "<": (a, b) => call("<", a, b),
  "<=": (a, b) => call("<=", a, b),
  "-": (a, b) => call("-", a, b),
  "*": (a, b) => call("*", a, b),
  "/": (a, b) => call("/", a, b),
};
const logical: Readonly<Record<string, string>> = { "&&": "and", "||": "or", "??": "coalesce" };
const methods: Readonly<Record<string, string>> = {
  startsWith: "startswith",
  endsWith: "endswith",
  includes: "contains",
  toLowerCase: "lower",
  toUpperCase: "upper",
};
const mathFunctions = new Set(["abs", "sqrt", "exp", "floor", "ceil", "log", "log10", "log2", "log1p"]);

class NotAnExpression extends Error {}

/**
 * The column expression that a lambda amounts to, so that the optimizer sees it; undefined when it uses anything else than
 * properties of the row, constants it closes over, comparisons, `&&`, `||`, `!`, `??`, `? :`, arithmetic, `Math` and a few string methods
 * (it then runs as a UDF). Comparisons with null follow SQL: `r.age > 21` drops rows without an age.
 */
export function lambdaExpression(lambda: RowLambda): Expression | undefined {
  const { expression, freeVariables, program } = functionSyntax(lambda);
  if (!expression.startsWith("(")) return undefined;
  const arrow = arrowOf(program);
  const parameter = arrow?.params[0];
  if (!arrow || arrow.async || arrow.params.length !== 1 || parameter?.type !== "Identifier") return undefined;
  const body = bodyOf(arrow);
  if (!body) return undefined;
  const outside = readScopes(lambda, new Set(freeVariables));
  try {
    return translate(body, parameter.name, outside);
  } catch (error) {
    if (error instanceof NotAnExpression) return undefined;
    throw error;
  }
}

function arrowOf(program: Program): ArrowFunctionExpression | undefined {
  const [statement] = program.body;
  if (statement?.type !== "ExpressionStatement") return undefined;
  return statement.expression.type === "ArrowFunctionExpression" ? statement.expression : undefined;
}

/** `r => expression` or `r => { return expression; }`. */
function bodyOf(arrow: ArrowFunctionExpression): Syntax | undefined {
  if (arrow.body.type !== "BlockStatement") return arrow.body;
  const [only, more] = arrow.body.body;
  return only?.type === "ReturnStatement" && !more && only.argument ? only.argument : undefined;
}

function translate(node: Node, row: string, outside: ReadonlyMap<string, unknown>): Expression {
  const visit = (child: Node): Expression => translate(child, row, outside);
  switch (node.type) {
    case "Literal":
      if (node.value instanceof RegExp) throw new NotAnExpression();
      return literal(node.value);
    case "TemplateLiteral":
      if (node.expressions.length > 0) throw new NotAnExpression();
      return literal(node.quasis[0].value.cooked);
    case "Identifier":
      return constant(node.name, outside);
    case "MemberExpression":
      if (node.object.type !== "Identifier" || node.object.name !== row || node.optional) throw new NotAnExpression();
      return { kind: "unresolved", nameParts: [propertyName(node.property, node.computed)] };
    case "UnaryExpression":
      if (node.operator === "!") return call("not", visit(node.argument));
      if (node.operator === "-") return call("negative", visit(node.argument));
      throw new NotAnExpression();
    case "BinaryExpression": {
      // `+` may be a sum or a concatenation: the types that would tell are not known here.
      const make = binary[node.operator];
      if (!make) throw new NotAnExpression();
      return nullTest(node.operator, visit(node.left), visit(node.right)) ?? make(visit(node.left), visit(node.right));
    }
    case "LogicalExpression":
      return call(logical[node.operator], visit(node.left), visit(node.right));
    case "ConditionalExpression":
      return call("when", visit(node.test), visit(node.consequent), visit(node.alternate));
    case "CallExpression":
      return translateCall(node, visit, row);
    default:
      throw new NotAnExpression();
  }
}

function constant(name: string, outside: ReadonlyMap<string, unknown>): Expression {
  if (name === "undefined") return literal(null);
  const value = outside.get(name);
  const simple =
    ["string", "number", "boolean", "bigint"].includes(typeof value) || value === null || value instanceof Date;
  if (!outside.has(name) || !simple) throw new NotAnExpression();
  return literal(value);
}

function propertyName(property: Node, computed: boolean): string {
  if (!computed && property.type === "Identifier") return property.name;
  if (computed && property.type === "Literal" && typeof property.value === "string") return property.value;
  throw new NotAnExpression();
}

const isNullLiteral = (e: Expression): boolean => e.kind === "literal" && e.value === null;

/** `r.a === null`, `r.a != null` and the like. */
function nullTest(operator: string, left: Expression, right: Expression): Expression | undefined {
  const tested = isNullLiteral(right) ? left : isNullLiteral(left) ? right : undefined;
  if (!tested) return undefined;
  if (operator === "===") return call("isnull", tested);
  if (operator === "!==") return call("isnotnull", tested);
  return undefined;
}

function translateCall(
  node: Extract<Node, { type: "CallExpression" }>,
  visit: (child: Node) => Expression,
  row: string,
): Expression {
  const { callee } = node;
  if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier") {
    throw new NotAnExpression();
  }
  const { name } = callee.property;
  const args = node.arguments.map(visit);
  if (callee.object.type === "Identifier" && callee.object.name === "Math" && row !== "Math") {
    if (mathFunctions.has(name) && args.length === 1) return call(name === "log" ? "ln" : name, ...args);
    throw new NotAnExpression();
  }
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method || args.length > 1) throw new NotAnExpression();
  return call(method, visit(callee.object), ...args);
}
