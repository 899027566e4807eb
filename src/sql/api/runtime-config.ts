import {
  AnalysisException,
  checkSetting,
  NoSuchElementException,
  sparkKeyKind,
  type SparkConf,
  warnOfUnknownKey,
} from "../../common/index.js";

/** `spark.conf`: settings of a running session. */
export class RuntimeConfig {
  constructor(private readonly settings: SparkConf) {}

  /** Changes a setting; values are checked, and what the engine was started with cannot change any more. */
  set(key: string, value: string | number | boolean): void {
    requireModifiable(key);
    checkSetting(key, String(value));
    warnOfUnknownKey(key);
    this.settings.set(key, value);
  }
  /** Text value, or the default of a SQL setting; throws when there is neither. */
  get(key: string, fallback?: string): string {
    const value =
      this.settings.get(key, fallback) ?? (key.startsWith("spark.sql.") ? this.settings.textOf(key) : undefined);
    if (value !== undefined) return value;
    throw new NoSuchElementException(`The SQL config "${key}" cannot be found. Please verify that the config exists.`, {
      condition: "SQL_CONF_NOT_FOUND",
      sqlState: "42K0I",
      parameters: { sqlConf: `"${key}"` },
    });
  }
  unset(key: string): void {
    requireModifiable(key);
    this.settings.unset(key);
  }
  getAll(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.settings.getAll());
  }
  /** Whether `set` may change the key and that has an effect on this session. */
  isModifiable(key: string): boolean {
    return sparkKeyKind(key) === "sql";
  }
}

function requireModifiable(key: string): void {
  const kind = sparkKeyKind(key);
  if (kind === "static") {
    throw new AnalysisException(`Cannot modify the value of the static Spark config: "${key}".`, {
      condition: "CANNOT_MODIFY_STATIC_CONFIG",
      sqlState: "46110",
      parameters: { key: `"${key}"` },
    });
  }
  if (kind === "core" && !freeOfEntries.has(key)) {
    throw new AnalysisException(
      `Cannot modify the value of the Spark config: "${key}"; set it before the session starts.`,
      { condition: "CANNOT_MODIFY_CONFIG", sqlState: "46110", parameters: { key: `"${key}"` } },
    );
  }
}

/** Keys that Spark reads as properties of a job, so that a session may set them at any time. */
const freeOfEntries = new Set(["spark.scheduler.pool", "spark.job.description", "spark.jobGroup.id"]);
