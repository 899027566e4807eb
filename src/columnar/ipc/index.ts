export { encodeStream, type EncodedStream } from "./encode-stream.js";
export { decodeStream } from "./decode-stream.js";
export { isStream } from "./framing.js";
export * from "./block-file-writer.js";
export * from "./read-block-file.js";
