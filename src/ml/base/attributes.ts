import type { StructField } from "../../sql/types/index.js";

type Metadata = StructField["metadata"];

/** What is known of one ML column or one vector element, as Spark keeps it under `ml_attr` of a column's metadata. */
export type Attribute = NumericAttribute | NominalAttribute | BinaryAttribute;
export interface NumericAttribute {
  readonly type: "numeric";
  readonly name?: string;
  readonly min?: number;
  readonly max?: number;
  readonly std?: number;
  readonly sparsity?: number;
}
export interface NominalAttribute {
  readonly type: "nominal";
  readonly name?: string;
  readonly values?: readonly string[];
  readonly numValues?: number;
  readonly isOrdinal?: boolean;
}
export interface BinaryAttribute {
  readonly type: "binary";
  readonly name?: string;
  readonly values?: readonly string[];
}

/** Attributes of a vector column; `size` alone when the elements are not described. */
export interface AttributeGroup {
  readonly size?: number;
  readonly attributes?: readonly Attribute[];
}

const ML_ATTR = "ml_attr";
const spelling = { values: "vals", numValues: "num_vals", isOrdinal: "ord" } as const;
type Plain = Record<string, unknown>;

function plainAttribute(attribute: Attribute, inGroup: boolean): Plain {
  const plain: Plain = {};
  for (const [key, value] of Object.entries(attribute)) {
    // Numeric is the type that Spark leaves out; in a group the list that holds the attribute says its type.
    if (value === undefined || (key === "type" && (inGroup || value === "numeric"))) continue;
    plain[key in spelling ? spelling[key as keyof typeof spelling] : key] = value;
  }
  return plain;
}

function parseAttribute(plain: Plain, type: string): Attribute {
  const parsed: Plain = { ...plain, type };
  delete parsed.idx;
  for (const [key, stored] of Object.entries(spelling)) {
    if (stored in parsed) parsed[key] = parsed[stored];
    delete parsed[stored];
  }
  return parsed as unknown as Attribute;
}

const mlAttr = (metadata: Metadata | undefined): Plain | undefined => metadata?.[ML_ATTR] as Plain | undefined;
const isGroup = (plain: Plain): boolean => "num_attrs" in plain || "attrs" in plain;

/** Column metadata that describes a single column. */
export const attributeMetadata = (attribute: Attribute): Metadata => ({ [ML_ATTR]: plainAttribute(attribute, false) });

/** The attribute of a single column, or undefined when it carries none. */
export function attributeOf(field: { readonly metadata?: Metadata }): Attribute | undefined {
  const plain = mlAttr(field.metadata);
  if (!plain || isGroup(plain)) return undefined;
  return parseAttribute(plain, (plain.type as string | undefined) ?? "numeric");
}

/** Column metadata of a vector column; numeric attributes that say nothing are counted but not listed, as in Spark. */
export function groupMetadata(group: AttributeGroup): Metadata {
  const { attributes } = group;
  if (!attributes) return group.size === undefined ? {} : { [ML_ATTR]: { num_attrs: group.size } };
  const attrs: Record<string, Plain[]> = {};
  attributes.forEach((attribute, idx) => {
    const plain = plainAttribute(attribute, true);
    if (attribute.type === "numeric" && Object.keys(plain).length === 0) return;
    (attrs[attribute.type] ??= []).push({ ...plain, idx });
  });
  return { [ML_ATTR]: { attrs, num_attrs: attributes.length } };
}

/** The attribute group of a vector column; empty when the column carries none. */
export function groupOf(field: { readonly metadata?: Metadata }): AttributeGroup {
  const plain = mlAttr(field.metadata);
  if (!plain || !isGroup(plain)) return {};
  const byType = plain.attrs as Record<string, Plain[]> | undefined;
  const size = plain.num_attrs === undefined ? undefined : Number(plain.num_attrs);
  if (!byType) return size === undefined ? {} : { size };
  const attributes: Attribute[] = Array.from({ length: size ?? 0 }, () => ({ type: "numeric" }));
  for (const [type, list] of Object.entries(byType)) {
    for (const item of list) attributes[Number(item.idx)] = parseAttribute(item, type);
  }
  return { size: attributes.length, attributes };
}

/** Number of distinct values that a column's attribute promises: 2 for binary, undefined when unknown. */
export function numValuesOf(field: { readonly metadata?: Metadata }): number | undefined {
  const attribute = attributeOf(field);
  if (attribute?.type === "binary") return 2;
  return attribute?.type === "nominal" ? (attribute.numValues ?? attribute.values?.length) : undefined;
}
