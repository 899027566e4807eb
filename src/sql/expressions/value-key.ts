/** The same text for the same internal value: what makes values of a set distinct. */
export function valueKey(value: unknown): unknown {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : value;
  if (typeof value !== "object" || value === null) return value;
  return JSON.stringify(value, (_, v: unknown) => {
    if (typeof v === "bigint") return `${v}n`;
    if (typeof v === "number" && !Number.isFinite(v)) return String(v);
    return v instanceof Uint8Array ? Buffer.from(v).toString("hex") : v;
  });
}
