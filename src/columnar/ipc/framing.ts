/** A message's start: 0xFFFFFFFF, then the length of its metadata, which is padded to a multiple of 8. */
export const CONTINUATION = 0xffffffff;

/** Ends a stream: a message without metadata. */
export const END_OF_STREAM = Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0);

export const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** Metadata as it stands in a stream. */
export function framed(metadata: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + padded(metadata.length));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, CONTINUATION, true);
  view.setInt32(4, bytes.length - 8, true);
  bytes.set(metadata, 8);
  return bytes;
}

/** Whether the bytes begin with a message of Arrow's stream format. */
export const isStream = (buffer: ArrayBufferLike): boolean =>
  buffer.byteLength >= 8 && new DataView(buffer).getUint32(0, true) === CONTINUATION;
