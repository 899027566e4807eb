import type { Batch } from "../column.js";
import { readColumn, type ArrowShape } from "./arrow-shape.js";
import { arrow } from "./flatbuffers.js";
import { CONTINUATION } from "./framing.js";
import { decompressed } from "./lz4.js";
import { SHAPES_KEY } from "./schema-message.js";

const cache = new Map<string, readonly ArrowShape[]>();
const CACHED = 256;

/** The batch of a stream that {@link encodeStream} made: views over `buffer`, whose stream starts at 0. */
export function decodeStream(buffer: ArrayBufferLike, columns?: readonly number[]): Batch {
  const { Message, RecordBatch, Schema } = arrow();
  const first = messageAt(buffer, 0);
  const schema = Message.getRootAsMessage(first.metadata).header(new Schema()) as InstanceType<typeof Schema>;
  const shapes = shapesOf(schema);
  const second = messageAt(buffer, first.end);
  const batch = Message.getRootAsMessage(second.metadata).header(new RecordBatch()) as InstanceType<typeof RecordBatch>;
  const open = batch.compression() ? decompressed : (bytes: Uint8Array): Uint8Array => bytes;
  let nodes = 0;
  let buffers = 0;
  const node = () => {
    const next = batch.nodes(nodes++)!;
    return { length: Number(next.length()), nulls: Number(next.nullCount()) };
  };
  const stored = (): Uint8Array => {
    const next = batch.buffers(buffers++)!;
    return new Uint8Array(buffer, second.end + Number(next.offset()), Number(next.length()));
  };
  const source = { node, buffer: () => open(stored()) };
  // Columns that nobody asked for are walked over, but not decompressed.
  const unread = { node, buffer: stored };
  const wanted = columns && new Set(columns);
  const read = shapes.map((shape, i) => {
    if (!wanted || wanted.has(i)) return readColumn(shape, source);
    skipColumn(shape, unread);
    return undefined;
  });
  return { numRows: Number(batch.length()), columns: columns ? columns.map((i) => read[i]!) : read.map((c) => c!) };
}

function messageAt(buffer: ArrayBufferLike, at: number) {
  const view = new DataView(buffer, at, 8);
  if (view.getUint32(0, true) !== CONTINUATION) throw new Error(`no Arrow message at byte ${at}`);
  const length = view.getInt32(4, true);
  const { ByteBuffer } = arrow();
  // Texts are decoded from the metadata, which TextDecoder refuses to do in shared memory.
  const metadata = new ByteBuffer(new Uint8Array(new Uint8Array(buffer, at + 8, length)));
  return { metadata, end: at + 8 + length };
}

function shapesOf(schema: {
  customMetadataLength(): number;
  customMetadata(i: number): { key(): string | null; value(): string | null } | null;
}): readonly ArrowShape[] {
  for (let i = 0; i < schema.customMetadataLength(); i++) {
    const pair = schema.customMetadata(i);
    if (pair?.key() !== SHAPES_KEY) continue;
    const text = pair.value()!;
    let shapes = cache.get(text);
    if (!shapes) {
      shapes = JSON.parse(text) as readonly ArrowShape[];
      if (cache.size >= CACHED) cache.delete(cache.keys().next().value!);
      cache.set(text, shapes);
    }
    return shapes;
  }
  throw new Error(`the Arrow stream does not name its columns' shapes (${SHAPES_KEY})`);
}

function skipColumn(shape: ArrowShape, source: { node(): unknown; buffer(): unknown }): void {
  source.node();
  if (shape === "null") return;
  source.buffer();
  if (shape === "vector") {
    for (const child of ["i8", "i32", { list: "i32" }, { list: "f64" }] as const) skipColumn(child, source);
  } else if (typeof shape === "string") {
    source.buffer();
    if (shape === "utf8" || shape === "binary") source.buffer();
  } else if ("dense" in shape) skipColumn("f64", source);
  else if ("struct" in shape) for (const child of shape.struct) skipColumn(child, source);
  else {
    source.buffer();
    skipColumn(shape.list, source);
  }
}
