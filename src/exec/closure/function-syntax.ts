import { parse } from "acorn";
import { analyze } from "eslint-scope";
import type { Node, Program } from "estree";
import { IllegalArgumentException } from "../../common/index.js";

/** What the text of a function says: how to evaluate it again and which names it takes from outside. */
export interface FunctionSyntax {
  /** An expression whose value is the function. */
  readonly expression: string;
  readonly freeVariables: readonly string[];
  /** Properties read directly from a free variable (`ns.add` gives `ns → add`), when it is used in no other way. */
  readonly members: ReadonlyMap<string, ReadonlySet<string>>;
  /** An arrow function that uses `this`, or anything that uses `super` or `new.target` of outside. */
  readonly usesOuterThis: boolean;
  /** Syntax tree of {@link expression}. */
  readonly program: Program;
}

const cache = new Map<string, FunctionSyntax>();

/** Parses the text of `fn` (cached by text). */
export function functionSyntax(fn: (...args: never[]) => unknown): FunctionSyntax {
  const text = Function.prototype.toString.call(fn);
  let syntax = cache.get(text);
  if (!syntax) {
    syntax = analyzeText(text, fn.name);
    cache.set(text, syntax);
  }
  return syntax;
}

function analyzeText(text: string, name: string): FunctionSyntax {
  // Methods ("add(x) { ... }") are no expressions by themselves: evaluate them inside an object.
  for (const expression of [`(${text})`, `Object.values({${text}})[0]`]) {
    let program: Program;
    try {
      program = parse(expression, { ecmaVersion: "latest", sourceType: "module", ranges: true }) as unknown as Program;
    } catch {
      continue;
    }
    const scopes = analyze(program, { ecmaVersion: 2022, sourceType: "module" });
    const through = scopes.globalScope?.through ?? [];
    const free = [...new Set(through.map((reference) => reference.identifier.name))];
    const own = expression.startsWith("Object") ? free.filter((variable) => variable !== "Object") : free;
    return {
      expression,
      freeVariables: own,
      members: memberUses(program, own),
      usesOuterThis: usesOuterThis(program),
      program,
    };
  }
  throw new IllegalArgumentException(
    `The function ${name || "(anonymous)"} cannot be shipped to a worker: its source is not available (native or bound functions have none). Wrap it in an arrow function.`,
    { condition: "UNSERIALIZABLE_FUNCTION", parameters: { function: name } },
  );
}

/** Children of a syntax node. */
function* childrenOf(node: Node): Generator<Node> {
  for (const value of Object.values(node)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item && typeof (item as Node).type === "string") yield item as Node;
    }
  }
}

function memberUses(program: Node, free: readonly string[]): Map<string, Set<string>> {
  const uses = new Map<string, Set<string>>();
  const otherwise = new Set<string>();
  const visit = (node: Node): void => {
    if (node.type === "MemberExpression" && node.object.type === "Identifier" && free.includes(node.object.name)) {
      const { name } = node.object;
      if (!node.computed && node.property.type === "Identifier") {
        uses.set(name, (uses.get(name) ?? new Set()).add(node.property.name));
        return;
      }
    }
    if (node.type === "Identifier") otherwise.add(node.name);
    if (node.type === "MemberExpression" && !node.computed) return visit(node.object as Node);
    if (node.type === "Property" && !node.computed && !node.shorthand) return visit(node.value as Node);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(program);
  for (const name of otherwise) uses.delete(name);
  return uses;
}

/** `this` outside of any ordinary function or class body of the text itself. */
function usesOuterThis(program: Node): boolean {
  const visit = (node: Node): boolean => {
    if (node.type === "ThisExpression" || node.type === "MetaProperty" || node.type === "Super") return true;
    if (node.type === "FunctionExpression" || node.type === "FunctionDeclaration") return false;
    if (node.type === "ClassExpression" || node.type === "ClassDeclaration") {
      return node.superClass ? visit(node.superClass) : false;
    }
    for (const child of childrenOf(node)) if (visit(child)) return true;
    return false;
  };
  return visit(program);
}
