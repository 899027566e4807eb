import { type SparkConf, SparkException } from "../../common/index.js";

/** `spark.conf`: settings of a running session. */
export class RuntimeConfig {
  constructor(private readonly settings: SparkConf) {}

  /** Changes a setting; values are checked, and what the threads depend on cannot change any more. */
  set(key: string, value: string | number | boolean): void {
    if (fixed.test(key)) {
      throw new SparkException(
        `Cannot modify the value of the Spark config: "${key}"; set it before the session starts.`,
        {
          condition: "CANNOT_MODIFY_CONFIG",
          sqlState: "46110",
          parameters: { key: `"${key}"` },
        },
      );
    }
    this.settings.set(key, value);
  }
  /** Text value; throws when the key has neither a value nor a default. */
  get(key: string, fallback?: string): string {
    const value = this.settings.get(key, fallback);
    if (value !== undefined) return value;
    throw new SparkException(`The SQL config "${key}" cannot be found. Please verify that the config exists.`, {
      condition: "SQL_CONF_NOT_FOUND",
      sqlState: "42K0I",
      parameters: { sqlConf: `"${key}"` },
    });
  }
  unset(key: string): void {
    this.settings.unset(key);
  }
  getAll(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.settings.getAll());
  }
  isModifiable(key: string): boolean {
    return !fixed.test(key);
  }
}
const fixed = /^spark\.(?!sql\.)/;
