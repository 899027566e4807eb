import type { Builder } from "flatbuffers";
import type { ArrowShape } from "./arrow-shape.js";
import { arrow } from "./flatbuffers.js";
import { framed } from "./framing.js";

/** Key of the schema's metadata under which the columns' shapes stand. */
export const SHAPES_KEY = "kindling.shapes";

const V5 = 4;
const SCHEMA_HEADER = 1;
const cache = new Map<string, Uint8Array>();
const CACHED = 256;

/** The message that opens a stream of such columns. */
export function schemaMessage(shapes: readonly ArrowShape[]): Uint8Array {
  const text = JSON.stringify(shapes);
  let bytes = cache.get(text);
  if (!bytes) {
    bytes = encode(shapes, text);
    if (cache.size >= CACHED) cache.delete(cache.keys().next().value!);
    cache.set(text, bytes);
  }
  return bytes;
}

function encode(shapes: readonly ArrowShape[], text: string): Uint8Array {
  const { Builder, KeyValue, Message, Schema } = arrow();
  const b = new Builder(1024);
  const fields = Schema.createFieldsVector(
    b,
    shapes.map((shape, i) => field(b, `c${i}`, shape)),
  );
  const pair = KeyValue.createKeyValue(b, b.createString(SHAPES_KEY), b.createString(text));
  const metadata = Schema.createCustomMetadataVector(b, [pair]);
  const schema = Schema.createSchema(b, 0, fields, metadata, 0);
  b.finish(Message.createMessage(b, V5, SCHEMA_HEADER, schema, 0n, 0));
  return framed(b.asUint8Array());
}

/** Spark's VectorUDT. */
const vectorFields: readonly (readonly [string, ArrowShape])[] = [
  ["type", "i8"],
  ["size", "i32"],
  ["indices", { list: "i32" }],
  ["values", { list: "f64" }],
];

function childrenOf(shape: ArrowShape): readonly (readonly [string, ArrowShape])[] {
  if (shape === "vector") return vectorFields;
  if (typeof shape === "string") return [];
  if ("dense" in shape) return [["item", "f64"]];
  if ("list" in shape) return [["item", shape.list]];
  return shape.struct.map((child, i) => [`f${i}`, child] as const);
}

function field(b: Builder, name: string, shape: ArrowShape): number {
  const { Field } = arrow();
  const children = childrenOf(shape).map(([childName, child]) => field(b, childName, child));
  const [kind, type] = typeOf(b, shape);
  const nameAt = b.createString(name);
  const childrenAt = Field.createChildrenVector(b, children);
  Field.startField(b);
  Field.addName(b, nameAt);
  Field.addNullable(b, true);
  Field.addTypeType(b, kind);
  Field.addType(b, type);
  Field.addChildren(b, childrenAt);
  return Field.endField(b);
}

/** Number of the type in Arrow's union, and its table. */
function typeOf(b: Builder, shape: ArrowShape): [kind: number, offset: number] {
  const tables = arrow();
  if (shape === "vector") return [13, tables.Struct_.createStruct_(b)];
  if (typeof shape === "object") {
    if ("dense" in shape) return [16, tables.FixedSizeList.createFixedSizeList(b, shape.dense)];
    return "list" in shape ? [12, tables.List.createList(b)] : [13, tables.Struct_.createStruct_(b)];
  }
  switch (shape) {
    case "null":
      return [1, tables.Null.createNull(b)];
    case "bool":
      return [6, tables.Bool.createBool(b)];
    case "utf8":
      return [5, tables.Utf8.createUtf8(b)];
    case "binary":
      return [4, tables.Binary.createBinary(b)];
    case "f32":
      return [3, tables.FloatingPoint.createFloatingPoint(b, 1)];
    case "f64":
      return [3, tables.FloatingPoint.createFloatingPoint(b, 2)];
    case "i128":
      return [7, tables.Decimal.createDecimal(b, 38, 0, 128)];
    default:
      return [2, tables.Int.createInt(b, Number(shape.slice(1)), true)];
  }
}
