/** Bytes that a value takes in the JavaScript heap, about; deep structures are sampled. */
export function roughSize(value: unknown, depth = 0): number {
  switch (typeof value) {
    case "number":
      return 8;
    case "string":
      return 24 + value.length * 2;
    case "bigint":
      return 24;
    case "object":
      return value === null ? 8 : objectSize(value, depth);
    default:
      return 8;
  }
}

const SAMPLE = 8;

function objectSize(value: object, depth: number): number {
  if (ArrayBuffer.isView(value)) return 96 + value.byteLength;
  if (depth > 4) return 64;
  if (Array.isArray(value)) return 32 + sampled(value, value.length, depth);
  if (value instanceof Map) return 64 + sampled([...first(value.values())], value.size, depth) + 48 * value.size;
  if (value instanceof Set) return 64 + sampled([...first(value.values())], value.size, depth) + 32 * value.size;
  const fields = Object.values(value as Record<string, unknown>);
  return 32 + sampled(fields, fields.length, depth);
}

function* first<T>(values: Iterable<T>): Generator<T> {
  let left = SAMPLE;
  for (const value of values) {
    if (left-- === 0) return;
    yield value;
  }
}

function sampled(values: readonly unknown[], count: number, depth: number): number {
  if (count === 0) return 0;
  const taken = Math.min(SAMPLE, values.length);
  const step = Math.max(1, Math.floor(values.length / taken));
  let bytes = 0;
  for (let i = 0; i < taken; i++) bytes += 8 + roughSize(values[i * step], depth + 1);
  return Math.ceil((bytes / taken) * count);
}
