import type { Outcome } from "./program.js";

/** One line of `rdd.jsonl`. */
export interface RecordedProgram {
  readonly id: string;
  readonly program: string;
  readonly result?: unknown;
  readonly partitions?: readonly (readonly unknown[])[];
  /** Whether the order inside a partition is not defined. */
  readonly sorted?: boolean;
  readonly error?: string;
  readonly condition?: string | null;
  readonly causes?: readonly string[];
}

/** What a program did: its outcome, or the error it threw. */
export type Run = Outcome | { readonly thrown: unknown };

/** JSON of a value, with the names that the records use for what JSON cannot say. */
function plain(value: unknown): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : String(value);
  if (typeof value === "bigint") return Number(value);
  if (value === undefined || value === null) return null;
  if (value instanceof Map) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]));
  return value;
}
const text = (value: unknown): string => JSON.stringify(plain(value), (_, v: unknown) => sortKeys(v));
const sortKeys = (value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
const sorted = (values: readonly unknown[]): unknown[] =>
  [...values].sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));

/** Names of what caused an error, from the nearest on. */
function causesOf(error: Error): string[] {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes.push(cause.name);
  return causes;
}

/** What differs from the record; empty when nothing does. */
export function differences(record: RecordedProgram, run: Run): string[] {
  const problems: string[] = [];
  const check = (what: string, wanted: unknown, found: unknown): void => {
    if (text(wanted) !== text(found)) problems.push(`${what}: Spark ${text(wanted)}, here ${text(found)}`);
  };
  if ("thrown" in run) {
    const error = run.thrown as Error & { condition?: string };
    if (record.error === undefined) return [`threw ${error.stack ?? String(error)}`];
    check("error", record.error, error.name);
    check("condition", record.condition ?? null, error.condition ?? null);
    check("causes", record.causes ?? [], causesOf(error));
    return problems;
  }
  if (record.error !== undefined) return [`error: Spark throws ${record.error}, here ${text(run.result)}`];
  if (record.partitions) {
    const order = record.sorted ? sorted : (values: readonly unknown[]): readonly unknown[] => values;
    check("partitions", record.partitions.map(order), (run.partitions ?? []).map(order));
  }
  const unordered = record.sorted && Array.isArray(record.result) && Array.isArray(run.result);
  if (unordered) check("result", sorted(record.result as unknown[]), sorted(run.result as unknown[]));
  else check("result", record.result, run.result);
  return problems;
}
