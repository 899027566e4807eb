import { constants, createGunzip, createInflate, gunzipSync, inflateSync } from "node:zlib";
import type { ByteSource } from "./byte-source.js";

/** What Node's own `gunzipSync` drives: one call takes some input and gives some output. */
interface Engine {
  readonly _handle?: {
    writeSync?(
      flush: number,
      input: Uint8Array,
      inputStart: number,
      inputBytes: number,
      output: Uint8Array,
      outputStart: number,
      outputBytes: number,
    ): void;
  };
  /** Bytes of output and of input that the last call left. */
  readonly _writeState?: Uint32Array;
  readonly errored: Error | null;
  on(event: "error", listener: () => void): unknown;
  close(): void;
}

const CHUNK_BYTES = 65_536;

/**
 * The decompressed content of gzip (one member or several) or zlib data, buffer after buffer, synchronously. Where this Node has
 * no such access to its engine, the whole content is decompressed at once.
 */
export function inflated(file: ByteSource, format: "gzip" | "zlib"): ByteSource {
  const engine = (format === "gzip" ? createGunzip() : createInflate()) as unknown as Engine;
  const { _handle: handle, _writeState: left } = engine;
  // The error is thrown where it happens; the event that follows it must have a listener.
  engine.on("error", () => undefined);
  if (!handle?.writeSync || !left) {
    engine.close();
    return inflatedAtOnce(file, format);
  }
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let input = chunk.subarray(0, 0);
  let started = false;
  return {
    read(buffer) {
      for (;;) {
        if (input.length === 0) input = chunk.subarray(0, file.read(chunk));
        const ended = input.length === 0;
        if (ended && !started) return 0;
        const flush = ended ? constants.Z_FINISH : constants.Z_NO_FLUSH;
        handle.writeSync!(flush, input, 0, input.length, buffer, 0, buffer.length);
        if (engine.errored) throw engine.errored;
        const bytes = buffer.length - left[0];
        const stuck = left[1] === input.length && bytes === 0;
        input = input.subarray(input.length - left[1]);
        started = true;
        if (bytes > 0) return bytes;
        // Bytes behind the end of the data that are no further member are ignored, as gzip ignores them.
        if (ended || stuck) return 0;
      }
    },
    close() {
      engine.close();
      file.close();
    },
  };
}

function inflatedAtOnce(file: ByteSource, format: "gzip" | "zlib"): ByteSource {
  let content: Buffer | undefined;
  let at = 0;
  const readAll = (): Buffer => {
    const chunks: Buffer[] = [];
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const bytes = file.read(chunk);
      if (bytes === 0) break;
      chunks.push(chunk.subarray(0, bytes));
    }
    const all = Buffer.concat(chunks);
    return all.length === 0 ? all : (format === "gzip" ? gunzipSync : inflateSync)(all);
  };
  return {
    read(buffer) {
      content ??= readAll();
      const bytes = content.copy(buffer, 0, at);
      at += bytes;
      return bytes;
    },
    close: () => file.close(),
  };
}
