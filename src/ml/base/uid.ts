import { randomBytes } from "node:crypto";

/** A stage's unique id: its class's prefix and twelve random hex digits. */
export const randomUid = (prefix: string): string => `${prefix}_${randomBytes(6).toString("hex")}`;

/** `String.hashCode` of Java: the default of every `seed` is that of the Scala class name. */
export function javaStringHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
