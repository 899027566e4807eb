/** Position in a page; decoders advance it. */
export interface PageCursor {
  readonly bytes: Uint8Array;
  offset: number;
}

/** Unsigned LEB128. */
export function readVarInt(cursor: PageCursor): number {
  let result = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = cursor.bytes[cursor.offset++];
    result |= (byte & 0x7f) << shift;
    if (byte < 0x80) return result >>> 0;
  }
}

/**
 * Decodes `count` values of Parquet's RLE / bit-packed hybrid: levels and dictionary indices.
 *
 *   run := varint(header) data; header & 1: (header >> 1) groups of 8 bit-packed values; else header >> 1 equal values
 */
export function decodeHybrid(cursor: PageCursor, width: number, out: Uint8Array | Int32Array, count: number): void {
  const { bytes } = cursor;
  const valueBytes = (width + 7) >> 3;
  let at = 0;
  while (at < count) {
    if (cursor.offset >= bytes.length) throw new RangeError(`levels end after ${at} of ${count} values`);
    const header = readVarInt(cursor);
    if (header & 1) {
      const packed = (header >>> 1) * 8;
      const take = Math.min(packed, count - at);
      unpack(bytes, cursor.offset, width, out, at, take);
      cursor.offset += (packed * width) / 8;
      at += take;
    } else {
      let value = 0;
      for (let k = 0; k < valueBytes; k++) value |= bytes[cursor.offset++] << (8 * k);
      const end = Math.min(count, at + (header >>> 1));
      out.fill(value, at, end);
      at = end;
    }
  }
}

function unpack(
  bytes: Uint8Array,
  offset: number,
  width: number,
  out: Uint8Array | Int32Array,
  at: number,
  n: number,
): void {
  if (width === 1) {
    for (let i = 0; i < n; i++) out[at + i] = (bytes[offset + (i >> 3)] >> (i & 7)) & 1;
    return;
  }
  if (width === 8) {
    for (let i = 0; i < n; i++) out[at + i] = bytes[offset + i];
    return;
  }
  const mask = width === 32 ? -1 : (1 << width) - 1;
  let bit = 0;
  for (let i = 0; i < n; i++, bit += width) {
    const byte = offset + (bit >> 3);
    const shift = bit & 7;
    let word = bytes[byte] | (bytes[byte + 1] << 8) | (bytes[byte + 2] << 16) | (bytes[byte + 3] << 24);
    word >>>= shift;
    if (shift + width > 32) word |= bytes[byte + 4] << (32 - shift);
    out[at + i] = word & mask;
  }
}

/** Bits needed for levels up to `max`. */
export const bitWidth = (max: number): number => 32 - Math.clz32(max);
