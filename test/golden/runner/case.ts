/** Shapes of the recorded facts, as `test/golden/ml/README.md` describes them. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface StageSpec {
  readonly class: string;
  readonly params?: JsonObject;
}

export interface DataSpec {
  readonly file?: string;
  readonly format?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly schema?: string | readonly (readonly [string, string])[];
  readonly rows?: readonly (readonly Json[])[];
  readonly limit?: number;
}

export interface ToleranceSpec {
  readonly relative?: number;
  readonly absolute?: number;
  readonly on?: string;
}

export interface GoldenCase {
  readonly id: string;
  /** In `errors.json` each case names its class; elsewhere the file does. */
  readonly class?: string;
  readonly data?: DataSpec;
  readonly partitions?: number;
  readonly prepare?: readonly StageSpec[];
  readonly params?: JsonObject;
  readonly transformData?: DataSpec;
  readonly deterministic?: boolean;
  readonly reproducible?: string;
  readonly tolerance?: number | ToleranceSpec;
  readonly distanceToOptimum?: JsonObject;
  readonly path?: string;
  readonly evaluators?: Readonly<Record<string, StageSpec>>;
  readonly ops?: readonly { readonly call: string; readonly args: readonly Json[] }[];
  readonly call?: string;
  readonly api?: string;
  readonly note?: string;
  readonly expect: JsonObject;
}

export interface TableExpectation {
  readonly columns: readonly string[];
  readonly types?: readonly string[];
  readonly numRows?: number;
  readonly rows?: readonly (readonly Json[])[];
  readonly sortedBy?: readonly string[];
  readonly itemsSortedWithin?: readonly string[];
  readonly checksums?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly metadata?: Readonly<Record<string, JsonObject>>;
}

export interface SavedModelExpectation {
  readonly sparkVersion?: string;
  readonly sparkClass: string;
  readonly class: string;
  readonly params?: JsonObject;
  readonly model?: JsonObject;
  readonly input?: DataSpec;
  readonly transform?: TableExpectation;
  readonly [key: string]: unknown;
}

/** A difference between what Spark answered and what kindling answers. */
export interface Mismatch {
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

/** Thrown by a case that cannot run yet, because a class it names does not exist. */
export class Skipped extends Error {}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isTable = (value: unknown): value is TableExpectation & JsonObject =>
  isObject(value) && Array.isArray(value.columns) && Array.isArray(value.rows);

/** A value in at most 160 characters, for a report. */
export function brief(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value, bigintText) ?? String(value));
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}
const bigintText = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}n` : value);
