import { readFileSync } from "node:fs";

export interface ApiParam {
  readonly name: string;
  /** Default in Python; `<uid>` stands for the instance's uid. */
  readonly default: unknown;
  readonly jvmDefault?: unknown;
  readonly type: string;
  readonly range?: string;
  readonly allowed?: readonly unknown[];
  readonly python?: boolean;
}
export interface ApiMethod {
  readonly name: string;
  readonly signature: string;
  readonly static?: boolean;
}
export interface ApiClass {
  readonly name: string;
  readonly module: string;
  readonly kind: "estimator" | "model" | "transformer" | "evaluator" | "summary" | "other" | "function";
  readonly javaClass?: string;
  readonly abstract?: boolean;
  readonly trait?: boolean;
  readonly common?: boolean;
  readonly params?: readonly ApiParam[];
  readonly methods?: readonly ApiMethod[];
  readonly properties?: readonly string[];
}

/** The public surface of pyspark.ml 4.3, as recorded in `ml-api.json`. */
export const apiClasses = (): readonly ApiClass[] =>
  (
    JSON.parse(readFileSync(new URL("ml-api.json", import.meta.url), "utf8")) as { classes: readonly ApiClass[] }
  ).classes.filter((entry) => !entry.trait && !entry.name.startsWith("_"));
