import type { SchemaElement, SchemaTree } from "hyparquet";
import {
  ArrayType,
  type DataType,
  layoutOf,
  MapType,
  NullType,
  type StructField,
  StructType,
  UserDefinedType,
  VectorUDT,
} from "../../sql/types/index.js";
import type { LeafAnchor, ReadNode, StructNode } from "./assemble.js";
import { leafConversion } from "./leaf-conversion.js";
import { isAnnotated, listElement } from "./spark-schema.js";

/** Raised (and named after the file by the reader) when a stored type cannot be read as the one asked for. */
export class TypeMismatch extends Error {
  constructor(
    readonly column: string,
    readonly element: SchemaElement,
    readonly expected: DataType,
  ) {
    super(`column ${column} cannot be read as ${expected.sql()}`);
  }
}

/** Levels reached above a node: definition, repetition, and definition of the innermost repeated ancestor. */
interface Depth {
  readonly definition: number;
  readonly repetition: number;
  readonly parent: number;
}

/** How to read a top-level column: its node in the file is found by name, exactly or else (by default) whatever the case. */
export function readPlan(field: StructField, root: SchemaTree, caseSensitive = false): ReadNode {
  const node = caseSensitive
    ? root.children.find((child) => child.element.name === field.name)
    : childNamed(root, field.name);
  if (!node) return { kind: "missing", layout: layoutOf(field.dataType) };
  return plan(field.dataType, node, { definition: 0, repetition: 0, parent: 0 });
}

function childNamed({ children }: SchemaTree, name: string): SchemaTree | undefined {
  const exact = children.find((child) => child.element.name === name);
  if (exact) return exact;
  const lower = name.toLowerCase();
  return children.find((child) => child.element.name.toLowerCase() === lower);
}

function plan(type: DataType, node: SchemaTree, above: Depth): ReadNode {
  if (type instanceof VectorUDT) return { kind: "vector", struct: plan(type.sqlType, node, above) as StructNode };
  if (type instanceof UserDefinedType) return plan(type.sqlType, node, above);
  if (type instanceof NullType) return { kind: "missing", layout: "null" };
  const { repetition, parent } = above;
  const repeated = node.element.repetition_type === "REPEATED";
  const definition = above.definition + (node.element.repetition_type === "OPTIONAL" ? 1 : 0);
  if (type instanceof ArrayType) {
    if (repeated) return listPlan(type, node, node, above, above.definition);
    if (!isAnnotated(node, "LIST")) throw new TypeMismatch(node.path.join("."), node.element, type);
    return listPlan(type, node, listElement(node), above, definition);
  }
  const here: Depth = { definition, repetition, parent };
  if (type instanceof MapType) {
    if (node.children.length !== 1) throw new TypeMismatch(node.path.join("."), node.element, type);
    const entry = node.children[0];
    const inside: Depth = { definition: definition + 1, repetition: repetition + 1, parent: definition + 1 };
    const [key, value] = entry.children;
    const anchor = anchorOf(key, inside);
    const children = [plan(type.keyType, key, inside), plan(type.valueType, value, inside)];
    const child: StructNode = { kind: "struct", parent: inside.parent, present: inside.definition, repetition: inside.repetition, anchor, children }; // prettier-ignore
    return { kind: "list", parent, present: definition, item: definition + 1, repetition, anchor, child };
  }
  if (type instanceof StructType) {
    if (node.children.length === 0) throw new TypeMismatch(node.path.join("."), node.element, type);
    const children = type.fields.map((field): ReadNode => {
      const child = childNamed(node, field.name);
      return child ? plan(field.dataType, child, here) : { kind: "missing", layout: layoutOf(field.dataType) };
    });
    const anchor = shallowest(children) ?? anchorOf(node.children[0], here);
    return { kind: "struct", parent, present: definition, repetition, anchor, children };
  }
  const path = node.path.join(".");
  const convert = node.children.length === 0 ? leafConversion(node.element, type) : undefined;
  if (!convert) throw new TypeMismatch(path, node.element, type);
  const leaf = { element: node.element, maxDefinition: definition, maxRepetition: repetition };
  return { kind: "leaf", path, leaf, parent, convert };
}

/** `element` is `list` itself or its repeated child where the repeated node is the item (two-level lists). */
function listPlan(type: ArrayType, list: SchemaTree, element: SchemaTree, above: Depth, present: number): ReadNode {
  const inside: Depth = { definition: present + 1, repetition: above.repetition + 1, parent: present + 1 };
  const isRepeatedItem = element.element.repetition_type === "REPEATED";
  const item = isRepeatedItem
    ? { ...element, element: { ...element.element, repetition_type: "REQUIRED" as const } }
    : element;
  const child = plan(type.elementType, item, inside);
  const anchor = anchorOf(item, inside);
  return {
    kind: "list",
    parent: above.parent,
    present,
    item: present + 1,
    repetition: above.repetition,
    anchor,
    child,
  };
}

/** The first leaf below a node, with its levels. */
function anchorOf(node: SchemaTree, above: Depth): LeafAnchor {
  const { repetition_type: repetition } = node.element;
  const here: Depth = {
    ...above,
    definition: above.definition + (repetition === "REQUIRED" ? 0 : 1),
    repetition: above.repetition + (repetition === "REPEATED" ? 1 : 0),
  };
  if (node.children.length > 0) return anchorOf(node.children[0], here);
  const leaf = { element: node.element, maxDefinition: here.definition, maxRepetition: here.repetition };
  return { path: node.path.join("."), leaf };
}

/** A leaf that is read anyway can tell the structure of its struct. */
function shallowest(children: readonly ReadNode[]): LeafAnchor | undefined {
  const leaf = children.find((child) => child.kind === "leaf");
  if (leaf) return { path: leaf.path, leaf: leaf.leaf };
  const group = children.find((child) => child.kind === "list" || child.kind === "struct");
  return group?.anchor;
}
