import { availableParallelism } from "node:os";
import { IllegalArgumentException } from "./errors.js";

/** Environment variable with settings as JSON that every new session takes over; `kindling submit` sets it. */
export const CONF_VARIABLE = "KINDLING_CONF";

type Parse<T> = (text: string, key: string) => T;

interface ConfigEntry<T> {
  readonly key: string;
  readonly default: T;
  readonly parse: Parse<T>;
  readonly doc: string;
}

const bad = (key: string, text: string, expected: string): IllegalArgumentException =>
  new IllegalArgumentException(`The value '${text}' in the config "${key}" is invalid: ${expected}.`, {
    condition: "INVALID_CONF_VALUE",
    sqlState: "22022",
    parameters: { confName: key, confValue: text },
  });

const text: Parse<string> = (value) => value;
const integer =
  (least: number): Parse<number> =>
  (value, key) => {
    const n = Number(value);
    if (!/^[+-]?\d+$/.test(value.trim()) || n < least)
      throw bad(key, value, `expected an integer of at least ${least}`);
    return n;
  };
const fraction: Parse<number> = (value, key) => {
  const n = Number(value);
  if (!(n >= 0 && n <= 1)) throw bad(key, value, "expected a number in [0, 1]");
  return n;
};
const flag: Parse<boolean> = (value, key) => {
  const lower = value.trim().toLowerCase();
  if (lower !== "true" && lower !== "false") throw bad(key, value, "expected true or false");
  return lower === "true";
};
const sizes: Readonly<Record<string, number>> = { b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40, p: 2 ** 50 };
/** "512m", "1g", "64kb"; a bare number counts bytes. */
const bytes: Parse<number> = (value, key) => {
  const match = /^(\d+)\s*([kmgtp]?)b?$/i.exec(value.trim());
  if (!match) throw bad(key, value, `expected a size such as "512m" or "1g"`);
  return Number(match[1]) * sizes[match[2].toLowerCase() || "b"];
};

const entry = <T>(key: string, fallback: T, parse: Parse<T>, doc: string): ConfigEntry<T> => ({
  key,
  default: fallback,
  parse,
  doc,
});

/** Every configuration key kindling reads, with Spark's name and default. */
export const configEntries = {
  master: entry("spark.master", "local[*]", text, "Where to run: local, local[N] or local[*]."),
  appName: entry("spark.app.name", "kindling", text, "Name of the application."),
  shufflePartitions: entry("spark.sql.shuffle.partitions", 200, integer(1), "Partitions after a shuffle."),
  defaultParallelism: entry(
    "spark.default.parallelism",
    0,
    integer(0),
    "Partitions of new data; 0 = number of workers.",
  ),
  broadcastThreshold: entry(
    "spark.sql.autoBroadcastJoinThreshold",
    10 * 2 ** 20,
    (value, key) => (value.trim() === "-1" ? -1 : bytes(value, key)),
    "Largest join side, in bytes, that is broadcast; -1 never.",
  ),
  maxPartitionBytes: entry(
    "spark.sql.files.maxPartitionBytes",
    128 * 2 ** 20,
    bytes,
    "Bytes of a file a task reads at most.",
  ),
  openCost: entry(
    "spark.sql.files.openCostInBytes",
    4 * 2 ** 20,
    bytes,
    "Cost of opening a file, in bytes read meanwhile.",
  ),
  ansi: entry(
    "spark.sql.ansi.enabled",
    true,
    flag,
    "Errors instead of nulls on overflow, bad casts, division by zero.",
  ),
  caseSensitive: entry("spark.sql.caseSensitive", false, flag, "Whether column names distinguish case."),
  timeZone: entry(
    "spark.sql.session.timeZone",
    Intl.DateTimeFormat().resolvedOptions().timeZone,
    (value, key) => {
      try {
        new Intl.DateTimeFormat("en", { timeZone: value });
      } catch {
        throw bad(key, value, `expected a time zone such as "Europe/Berlin" or "UTC"`);
      }
      return value;
    },
    "Time zone in which timestamps are shown and parsed.",
  ),
  adaptive: entry("spark.sql.adaptive.enabled", true, flag, "Choose joins and partition counts by the real sizes."),
  codegen: entry("spark.sql.codegen.wholeStage", true, flag, "Run filters and projections as generated WebAssembly."),
  memoryFraction: entry("spark.memory.fraction", 0.6, fraction, "Share of memory for execution and storage."),
  storageFraction: entry("spark.memory.storageFraction", 0.5, fraction, "Share of that which execution cannot evict."),
  executorMemory: entry("spark.executor.memory", 2 ** 30, bytes, "Memory of an executor."),
  taskMaxFailures: entry(
    "spark.task.maxFailures",
    4,
    integer(1),
    "Failures of one task before its job fails (local: 1).",
  ),
  showProgress: entry("spark.ui.showConsoleProgress", true, flag, "Progress bars when standard error is a terminal."),
} as const;

type Entries = typeof configEntries;
type ValueOf<K extends keyof Entries> = Entries[K] extends ConfigEntry<infer T> ? T : never;

const byKey = new Map<string, ConfigEntry<unknown>>(
  Object.values(configEntries).map((e) => [e.key, e as unknown as ConfigEntry<unknown>]),
);

/** A session's settings: Spark's keys with text values, checked when they are set; unknown keys are kept as they are. */
export class SparkConf {
  private readonly settings = new Map<string, string>();

  set(key: string, value: string | number | boolean): this {
    byKey.get(key)?.parse(String(value), key);
    this.settings.set(key, String(value));
    return this;
  }

  /** Text value of any key: what was set, else the default, else `fallback`. */
  get(key: string, fallback?: string): string | undefined {
    const known = byKey.get(key);
    return this.settings.get(key) ?? fallback ?? (known === undefined ? undefined : String(known.default));
  }

  unset(key: string): void {
    this.settings.delete(key);
  }

  /** Parsed value of one of kindling's own entries. */
  value<K extends keyof Entries>(name: K): ValueOf<K> {
    const e = configEntries[name] as unknown as ConfigEntry<ValueOf<K>>;
    const set = this.settings.get(e.key);
    return set === undefined ? e.default : e.parse(set, e.key);
  }

  getAll(): readonly (readonly [string, string])[] {
    return [...this.settings];
  }
}

/** Number of worker threads that a master asks for: `local`, `local[4]`, `local[*]`. */
export function localThreads(master: string): number {
  const match = /^local(?:\[(\d+|\*)(?:,\s*\d+)?\])?$/.exec(master.trim());
  const threads = match?.[1] === undefined ? 1 : match[1] === "*" ? availableParallelism() : Number(match[1]);
  if (!match || threads < 1) {
    throw new IllegalArgumentException(`Could not parse Master URL: '${master}'; use local, local[N] or local[*]`, {
      parameters: { master },
    });
  }
  return threads;
}
