import { serialize } from "node:v8";

/** The value as bytes for another process; what cannot be cloned is a DataCloneError, as structured clone's. */
export function cloneBytes(value: unknown): Uint8Array {
  try {
    return serialize(value);
  } catch (cause) {
    throw Object.assign(new Error((cause as Error).message, { cause }), { name: "DataCloneError" });
  }
}
