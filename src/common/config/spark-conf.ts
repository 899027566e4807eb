import { applicationEntries } from "./application-entries.js";
import type { ConfigEntry } from "./config-entry.js";
import { memoryEntries } from "./memory-entries.js";
import { schedulerEntries } from "./scheduler-entries.js";
import { sqlEntries } from "./sql-entries.js";
import { storageEntries } from "./storage-entries.js";

/** Environment variable with settings as JSON that every new session takes over; `kindling submit` sets it. */
export const CONF_VARIABLE = "KINDLING_CONF";

/** Every configuration key kindling reads, with Spark's name and default. */
export const configEntries = {
  ...applicationEntries,
  ...memoryEntries,
  ...schedulerEntries,
  ...storageEntries,
  ...sqlEntries,
} as const;

type Entries = typeof configEntries;
type ValueOf<K extends keyof Entries> = Entries[K] extends ConfigEntry<infer T> ? T : never;

const byKey = new Map<string, ConfigEntry<unknown>>(Object.values(configEntries).map((e) => [e.key, e]));

/** kindling's own entry for a key, if it reads it. */
export const configEntry = (key: string): ConfigEntry<unknown> | undefined => byKey.get(key);

/** Spark's keys with text values. `checkSettings`, which every new session calls, finds wrong values and unknown keys. */
export class SparkConf {
  private readonly settings: Map<string, string>;

  /** With `loadDefaults`, begins with what `kindling submit` was given, as Spark begins with what `spark-submit` was given. */
  constructor(loadDefaults = true) {
    const submitted = loadDefaults ? (process.env[CONF_VARIABLE] ?? "{}") : "{}";
    this.settings = new Map(Object.entries(JSON.parse(submitted) as Record<string, string>));
  }

  set(key: string, value: string | number | boolean): this {
    this.settings.set(key, String(value));
    return this;
  }
  setAll(pairs: Iterable<readonly [string, string | number | boolean]>): this {
    for (const [key, value] of pairs) this.set(key, value);
    return this;
  }
  setIfMissing(key: string, value: string | number | boolean): this {
    return this.contains(key) ? this : this.set(key, value);
  }
  setMaster(master: string): this {
    return this.set("spark.master", master);
  }
  setAppName(name: string): this {
    return this.set("spark.app.name", name);
  }
  setSparkHome(home: string): this {
    return this.set("spark.home", home);
  }
  /** Environment variables of executor processes: one, or several as pairs. */
  setExecutorEnv(variable: string | Iterable<readonly [string, string]>, value = ""): this {
    const pairs = typeof variable === "string" ? [[variable, value] as const] : variable;
    for (const [name, text] of pairs) this.set(`spark.executorEnv.${name}`, text);
    return this;
  }

  /** What was set for a key, else `fallback`; defaults are not looked up, as in Spark. */
  get(key: string, fallback?: string): string | undefined {
    return this.settings.get(key) ?? fallback;
  }
  contains(key: string): boolean {
    return this.settings.has(key);
  }
  unset(key: string): void {
    this.settings.delete(key);
  }
  getAll(): readonly (readonly [string, string])[] {
    return [...this.settings];
  }
  /** One setting a line, by key. */
  toDebugString(): string {
    return [...this.settings]
      .map(([key, value]) => `${key}=${value}`)
      .sort()
      .join("\n");
  }

  /** Text of a key with kindling's default, where it has one. */
  textOf(key: string): string | undefined {
    for (let e = byKey.get(key); e; e = e.fallback) {
      const text = this.settings.get(e.key) ?? e.default;
      if (text !== undefined) return text;
    }
    return this.settings.get(key);
  }
  /** Parsed value of one of kindling's own entries: sizes in bytes, durations in milliseconds. */
  value<K extends keyof Entries>(name: K): ValueOf<K> {
    return this.parsed(configEntries[name] as ConfigEntry<unknown>) as ValueOf<K>;
  }

  private parsed(e: ConfigEntry<unknown>): unknown {
    const text = this.settings.get(e.key) ?? e.default;
    if (text !== undefined) return e.parse(text, e.key);
    return e.fallback && this.parsed(e.fallback);
  }
}
