import type { Batch } from "../column.js";
import { compact } from "../compact.js";
import { addColumn, type ArrowParts } from "./arrow-shape.js";
import { arrow } from "./flatbuffers.js";
import { END_OF_STREAM, framed, padded } from "./framing.js";
import { compressed } from "./lz4.js";
import { schemaMessage } from "./schema-message.js";

const V5 = 4;
const RECORD_BATCH_HEADER = 3;
const ZEROS = new Uint8Array(8);

/** Bytes to be written one after the other; those of columns are not copied. */
export interface EncodedStream {
  readonly parts: readonly Uint8Array[];
  readonly bytes: number;
}

/** A batch as an Arrow IPC stream: schema, one record batch, end. With `compress` its buffers are LZ4 frames. */
export function encodeStream(batch: Batch, compress = false): EncodedStream {
  const columns: ArrowParts = { nodes: [], buffers: [] };
  const shapes = batch.columns.map((column) => addColumn(compact(column), columns));
  const body: Uint8Array[] = [];
  const places: { offset: number; length: number }[] = [];
  let bodyBytes = 0;
  for (const buffer of columns.buffers) {
    const stored = compress ? compressed(buffer) : [buffer];
    const length = stored.reduce((n, part) => n + part.byteLength, 0);
    places.push({ offset: bodyBytes, length });
    for (const part of stored) if (part.byteLength > 0) body.push(part);
    const gap = padded(length) - length;
    if (gap > 0) body.push(ZEROS.subarray(0, gap));
    bodyBytes += length + gap;
  }
  const head = recordBatchMessage(batch.numRows, columns.nodes, places, bodyBytes, compress);
  const schema = schemaMessage(shapes);
  return {
    parts: [schema, head, ...body, END_OF_STREAM],
    bytes: schema.byteLength + head.byteLength + bodyBytes + END_OF_STREAM.byteLength,
  };
}

function recordBatchMessage(
  numRows: number,
  nodes: ArrowParts["nodes"],
  places: readonly { offset: number; length: number }[],
  bodyBytes: number,
  compress: boolean,
): Uint8Array {
  const { Builder, Buffer, FieldNode, Message, RecordBatch, BodyCompression } = arrow();
  const b = new Builder(256 + 16 * (nodes.length + places.length));
  // A flatbuffers vector is written from its end.
  RecordBatch.startNodesVector(b, nodes.length);
  for (let i = nodes.length - 1; i >= 0; i--) {
    FieldNode.createFieldNode(b, BigInt(nodes[i].length), BigInt(nodes[i].nulls));
  }
  const nodesAt = b.endVector();
  RecordBatch.startBuffersVector(b, places.length);
  for (let i = places.length - 1; i >= 0; i--) {
    Buffer.createBuffer(b, BigInt(places[i].offset), BigInt(places[i].length));
  }
  const buffersAt = b.endVector();
  const compression = compress ? BodyCompression.createBodyCompression(b, 0, 0) : 0;
  RecordBatch.startRecordBatch(b);
  RecordBatch.addLength(b, BigInt(numRows));
  RecordBatch.addNodes(b, nodesAt);
  RecordBatch.addBuffers(b, buffersAt);
  if (compression) RecordBatch.addCompression(b, compression);
  const batch = RecordBatch.endRecordBatch(b);
  b.finish(Message.createMessage(b, V5, RECORD_BATCH_HEADER, batch, BigInt(bodyBytes), 0));
  return framed(b.asUint8Array());
}
