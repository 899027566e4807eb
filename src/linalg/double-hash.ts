const bits = new DataView(new ArrayBuffer(8));

/** Java's `Double.hashCode`. */
export function doubleHash(x: number): number {
  bits.setFloat64(0, x);
  return bits.getInt32(0) ^ bits.getInt32(4);
}
