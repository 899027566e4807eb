import { createRequire } from "node:module";
import type * as Lz4 from "lz4-napi";

const fromHere = createRequire(import.meta.url);
let codec: typeof Lz4 | undefined;
const lz4 = (): typeof Lz4 => (codec ??= fromHere("lz4-napi") as typeof Lz4);

/** Buffers below this size are stored as they are: a call costs more than they could save. */
const LEAST_BYTES = 128;

/**
 * A buffer as Arrow stores it in a compressed body: its length as 8 bytes, then an LZ4 frame; or -1, then the bytes
 * themselves where that is not longer.
 */
export function compressed(bytes: Uint8Array): Uint8Array[] {
  if (bytes.byteLength === 0) return [];
  const prefix = new BigInt64Array([-1n]);
  const head = new Uint8Array(prefix.buffer);
  if (bytes.byteLength < LEAST_BYTES) return [head, bytes];
  // The codec refuses shared memory.
  const source =
    bytes.buffer instanceof SharedArrayBuffer
      ? Buffer.from(bytes)
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const frame = lz4().compressFrameSync(source);
  if (frame.byteLength >= bytes.byteLength) return [head, bytes];
  prefix[0] = BigInt(bytes.byteLength);
  return [head, frame];
}

/** What {@link compressed} was given; its start is a multiple of 8. */
export function decompressed(stored: Uint8Array): Uint8Array {
  if (stored.byteLength === 0) return stored;
  const length = Number(new DataView(stored.buffer, stored.byteOffset).getBigInt64(0, true));
  const rest = stored.subarray(8);
  if (length < 0) return rest;
  const source =
    rest.buffer instanceof SharedArrayBuffer
      ? Buffer.from(rest)
      : Buffer.from(rest.buffer, rest.byteOffset, rest.byteLength);
  const bytes = lz4().decompressFrameSync(source);
  if (bytes.byteLength !== length) throw new Error(`an LZ4 frame gave ${bytes.byteLength} bytes instead of ${length}`);
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
}
