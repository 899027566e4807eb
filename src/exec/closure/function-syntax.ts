import { parse } from "acorn";
import { analyze } from "eslint-scope";
import type { Program } from "estree";
import { IllegalArgumentException } from "../../common/index.js";
import { nameOf } from "./own-properties.js";
import {
  eagerNames,
  memberUses,
  type MemberUse,
  privateMember,
  usesImportMeta,
  usesOuterSuper,
  usesOuterThis,
} from "./syntax-walk.js";

/** What the text of a function says: how to evaluate it again and which names it takes from outside. */
export interface FunctionSyntax {
  /** An expression whose value is the function. */
  readonly expression: string;
  readonly freeVariables: readonly string[];
  /** How free variables are used of which only properties are read (`ns.add`). */
  readonly members: ReadonlyMap<string, MemberUse>;
  /** An arrow function that uses `this` or `new.target` of outside. */
  readonly usesOuterThis: boolean;
  readonly usesOuterSuper: boolean;
  readonly usesImportMeta: boolean;
  /** Of a class: free variables that evaluating it needs. */
  readonly eager: readonly string[];
  /** Of a class: a private member of its instances. */
  readonly privateMember: string | undefined;
  /** Syntax tree of {@link expression}. */
  readonly program: Program;
}

const cache = new Map<string, FunctionSyntax>();

/** Parses the text of `fn` (cached by text). */
export function functionSyntax(fn: (...args: never[]) => unknown): FunctionSyntax {
  const text = Function.prototype.toString.call(fn);
  let syntax = cache.get(text);
  if (!syntax) {
    syntax = analyzeText(text, nameOf(fn));
    cache.set(text, syntax);
  }
  return syntax;
}

function analyzeText(text: string, name: string): FunctionSyntax {
  // Methods ("add(x) { ... }") are no expressions by themselves: evaluate them inside an object.
  for (const expression of [`(${text})`, `(o => o[Reflect.ownKeys(o)[0]])({${text}})`]) {
    let program: Program;
    try {
      program = parse(expression, { ecmaVersion: "latest", sourceType: "module", ranges: true }) as unknown as Program;
    } catch {
      continue;
    }
    const scopes = analyze(program, { ecmaVersion: 2022, sourceType: "module" });
    const through = scopes.globalScope?.through ?? [];
    const free = [...new Set(through.map((reference) => reference.identifier.name))];
    return {
      expression,
      freeVariables: free,
      members: memberUses(program, free),
      usesOuterThis: usesOuterThis(program),
      usesOuterSuper: usesOuterSuper(program),
      usesImportMeta: usesImportMeta(program),
      eager: eagerNames(program),
      privateMember: privateMember(program),
      program,
    };
  }
  throw new IllegalArgumentException(
    `The function ${name || "(anonymous)"} cannot be shipped to a worker: its source is not available (native or bound functions have none). Wrap it in an arrow function.`,
    { condition: "UNSERIALIZABLE_FUNCTION", parameters: { function: name } },
  );
}
