import { parse } from "acorn";
import type { CallExpression, Expression, ImportDeclaration, Node, Pattern, Program, Statement } from "estree";

/** What a module-level variable was imported as. */
export interface ImportBinding {
  readonly specifier: string;
  readonly form: "import" | "require";
  /** Name of the export; undefined for the namespace, or what `require` returned. */
  readonly name: string | undefined;
  /** Whether a test runner or bundler wrote the import in place of the user's. */
  readonly transformed: boolean;
}

/** What the text of a module says about its imports and exports. */
export interface ModuleTable {
  readonly imports: ReadonlyMap<string, ImportBinding>;
  /** Names under which module-level variables are exported. */
  readonly exports: ReadonlyMap<string, string>;
  /** Texts of module-level functions and classes, by variable. */
  readonly declarations: ReadonlyMap<string, string>;
  /** Every module it imports or exports from, statically. */
  readonly specifiers: readonly string[];
}

const loaders = new Set(["__vi_ssr_import__", "__vite_ssr_import__", "__vi_import__"]);
type Parsed = Node & { start: number; end: number };

/** Reads the module-level imports, exports and declarations of a script: an ES module, CommonJS, or one that vite has rewritten. */
export function moduleTable(source: string): ModuleTable {
  const imports = new Map<string, ImportBinding>();
  const exports = new Map<string, string>();
  const declarations = new Map<string, string>();
  const specifiers: string[] = [];
  const declare = (name: string, node: Node | null | undefined): void => {
    if (node && /Function|Class/.test(node.type)) {
      declarations.set(name, source.slice((node as Parsed).start, (node as Parsed).end));
    }
  };
  const declaration = (node: Node): string[] => {
    if (node.type === "FunctionDeclaration" || node.type === "ClassDeclaration") {
      declare(node.id.name, node);
      return [node.id.name];
    }
    if (node.type !== "VariableDeclaration") return [];
    return node.declarations.flatMap(({ id, init }) => {
      const loaded = init ? loadedModule(init) : undefined;
      if (loaded) for (const [local, name] of boundNames(id)) imports.set(local, { ...loaded, name });
      if (id.type === "Identifier") declare(id.name, init);
      return [...boundNames(id).keys()];
    });
  };
  for (const statement of moduleStatements(parseScript(source))) {
    if (statement.type === "ImportDeclaration") {
      specifiers.push(String(statement.source.value));
      for (const [local, binding] of importBindings(statement)) imports.set(local, binding);
    } else if (statement.type === "ExportNamedDeclaration") {
      if (statement.source) specifiers.push(String(statement.source.value));
      else if (statement.declaration) for (const name of declaration(statement.declaration)) exports.set(name, name);
      else {
        for (const { local, exported } of statement.specifiers) exports.set(identifier(local), identifier(exported));
      }
    } else if (statement.type === "ExportAllDeclaration") {
      specifiers.push(String(statement.source.value));
    } else if (statement.type === "ExportDefaultDeclaration") {
      const { declaration: value } = statement;
      if ("id" in value && value.id) exports.set(value.id.name, "default");
      else if (value.type === "Identifier") exports.set(value.name, "default");
      declaration(value as Node);
    } else declaration(statement);
  }
  return { imports, exports, declarations, specifiers };
}

const identifier = (node: Node): string =>
  node.type === "Identifier" ? node.name : String((node as { value?: unknown }).value);

function parseScript(source: string): Program {
  const options = { ecmaVersion: "latest", allowReturnOutsideFunction: true, allowHashBang: true } as const;
  for (const sourceType of ["module", "script"] as const) {
    try {
      return parse(source, { ...options, sourceType }) as unknown as Program;
    } catch {
      continue;
    }
  }
  return { type: "Program", sourceType: "script", body: [] };
}

/** The statements that make variables of the module: those of the script, or of the one function that a test runner wraps around it. */
function* moduleStatements(program: Program): Generator<Program["body"][number]> {
  for (const statement of program.body) {
    const wrapper = statement.type === "ExpressionStatement" ? statement.expression : undefined;
    const isFunction = wrapper?.type === "ArrowFunctionExpression" || wrapper?.type === "FunctionExpression";
    if (isFunction && wrapper.body.type === "BlockStatement") yield* nestedBlocks(wrapper.body.body);
    else yield statement;
  }
}

function* nestedBlocks(statements: readonly Statement[]): Generator<Statement> {
  for (const statement of statements) {
    if (statement.type === "BlockStatement") yield* nestedBlocks(statement.body);
    else yield statement;
  }
}

function* importBindings(statement: ImportDeclaration): Generator<[string, ImportBinding]> {
  const specifier = String(statement.source.value);
  const base = { specifier, form: "import", transformed: false } as const;
  for (const part of statement.specifiers) {
    if (part.type === "ImportNamespaceSpecifier") yield [part.local.name, { ...base, name: undefined }];
    else if (part.type === "ImportDefaultSpecifier") yield [part.local.name, { ...base, name: "default" }];
    else yield [part.local.name, { ...base, name: identifier(part.imported) }];
  }
}

/** `require("x")`, `await import("x")`, and the same inside a helper's call (`__toESM(require("x"))`). */
function loadedModule(init: Expression): Omit<ImportBinding, "name"> | undefined {
  if (init.type === "AwaitExpression") {
    const { argument } = init;
    if (argument.type === "ImportExpression") return literalSpecifier(argument.source, "import", false);
    const loads = argument.type === "CallExpression" && loaders.has(calleeOf(argument));
    return loads ? literalSpecifier(argument.arguments[0], "import", true) : undefined;
  }
  if (init.type !== "CallExpression") return undefined;
  if (calleeOf(init) === "require") return literalSpecifier(init.arguments[0], "require", false);
  const [first] = init.arguments;
  if (first?.type !== "CallExpression" || calleeOf(first) !== "require") return undefined;
  return literalSpecifier(first.arguments[0], "import", false);
}

const calleeOf = (call: CallExpression): string => (call.callee.type === "Identifier" ? call.callee.name : "");

function literalSpecifier(
  node: Node | undefined,
  form: "import" | "require",
  transformed: boolean,
): Omit<ImportBinding, "name"> | undefined {
  if (node?.type !== "Literal" || typeof node.value !== "string") return undefined;
  return { specifier: node.value, form, transformed };
}

/** Variables of a pattern, each with the property of the module that it takes. */
function boundNames(id: Pattern): Map<string, string | undefined> {
  const names = new Map<string, string | undefined>();
  if (id.type === "Identifier") names.set(id.name, undefined);
  if (id.type !== "ObjectPattern") return names;
  for (const property of id.properties) {
    if (property.type !== "Property" || property.computed || property.value.type !== "Identifier") continue;
    names.set(property.value.name, identifier(property.key));
  }
  return names;
}
