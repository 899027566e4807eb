import type { Node, Program } from "estree";

/** Children of a syntax node. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const value of Object.values(node)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item && typeof (item as Node).type === "string") yield item as Node;
    }
  }
}

/** Whether `test` holds for the node or one below it; false from `test`'s second answer "skip" leaves a subtree out. */
export function someNode(node: Node, test: (node: Node) => boolean | "skip"): boolean {
  const answer = test(node);
  if (answer !== false) return answer === true;
  for (const child of childrenOf(node)) if (someNode(child, test)) return true;
  return false;
}

/** How a free variable is used when all that is done with it is to read properties. */
export interface MemberUse {
  readonly names: ReadonlySet<string>;
  /** Whether one of them is called as a method, which may look at the rest through `this`. */
  readonly called: boolean;
}

/** Free variables of which only named properties are read (`ns.add`). */
export function memberUses(program: Program, free: readonly string[]): Map<string, MemberUse> {
  const uses = new Map<string, { names: Set<string>; called: boolean }>();
  const otherwise = new Set<string>();
  const visit = (node: Node, parent: Node | undefined): void => {
    if (node.type === "MemberExpression" && node.object.type === "Identifier" && free.includes(node.object.name)) {
      const { name } = node.object;
      if (!node.computed && node.property.type === "Identifier") {
        const use = uses.get(name) ?? { names: new Set<string>(), called: false };
        use.names.add(node.property.name);
        use.called ||= parent?.type === "CallExpression" && parent.callee === node;
        uses.set(name, use);
        return;
      }
    }
    if (node.type === "Identifier") otherwise.add(node.name);
    if (node.type === "MemberExpression" && !node.computed) return visit(node.object as Node, node);
    if (node.type === "Property" && !node.computed && !node.shorthand) return visit(node.value as Node, node);
    for (const child of childrenOf(node)) visit(child, node);
  };
  visit(program, undefined);
  for (const name of otherwise) uses.delete(name);
  return uses;
}

const isFunction = (node: Node): boolean => node.type === "FunctionExpression" || node.type === "FunctionDeclaration";
const isClass = (node: Node): boolean => node.type === "ClassExpression" || node.type === "ClassDeclaration";

/** `this` or `new.target` outside of any ordinary function or class body of the text itself. */
export const usesOuterThis = (program: Program): boolean =>
  someNode(program, (node) => {
    if (node.type === "ThisExpression" || (node.type === "MetaProperty" && node.meta.name === "new")) return true;
    if (isClass(node)) {
      const { superClass } = node as { superClass?: Node | null };
      return superClass && someNode(superClass, (child) => child.type === "ThisExpression") ? true : "skip";
    }
    return isFunction(node) ? "skip" : false;
  });

/** `super` of an object or class outside of the text. */
export function usesOuterSuper(program: Program): boolean {
  const [statement] = program.body;
  const root = statement?.type === "ExpressionStatement" ? statement.expression : undefined;
  if (root && isClass(root)) return false;
  return someNode(program, (node) => (node.type === "Super" ? true : isClass(node) ? "skip" : false));
}

export const usesImportMeta = (program: Program): boolean =>
  someNode(program, (node) => node.type === "MetaProperty" && node.meta.name === "import");

/** Names that evaluating a class needs at once: in its `extends`, computed keys, static fields and static blocks. */
export function eagerNames(program: Program): string[] {
  const names = new Set<string>();
  const [statement] = program.body;
  const root = statement?.type === "ExpressionStatement" ? statement.expression : undefined;
  if (root?.type !== "ClassExpression") return [];
  const collect = (node: Node | null | undefined): void => {
    if (!node) return;
    if (node.type === "Identifier") names.add(node.name);
    for (const child of childrenOf(node)) collect(child);
  };
  collect(root.superClass);
  for (const member of root.body.body) {
    if (member.type === "StaticBlock" || (member.static && member.type === "PropertyDefinition")) collect(member);
    else if (member.computed) collect(member.key as Node);
  }
  return [...names];
}

/** A private field or method of the class's instances: their values cannot be read from outside. */
export function privateMember(program: Program): string | undefined {
  const [statement] = program.body;
  const root = statement?.type === "ExpressionStatement" ? statement.expression : undefined;
  if (root?.type !== "ClassExpression") return undefined;
  for (const member of root.body.body) {
    if (member.type === "StaticBlock" || member.static) continue;
    if (member.key.type === "PrivateIdentifier") return `#${member.key.name}`;
  }
  return undefined;
}
