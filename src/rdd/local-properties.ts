import type { JobOptions } from "../exec/index.js";

const GROUP = "spark.jobGroup.id";
const DESCRIPTION = "spark.job.description";
const INTERRUPT = "spark.job.interruptOnCancel";
const POOL = "spark.scheduler.pool";

/**
 * What Spark keeps per thread: group, description, pool and tags of the jobs that are started from now on. A program here has
 * one thread: the properties are the context's, and an action takes them when it is called.
 */
export class LocalProperties {
  private readonly values = new Map<string, string>();
  private readonly tags = new Set<string>();

  get(key: string): string | undefined {
    return this.values.get(key);
  }
  /** `undefined` or null takes the property away. */
  set(key: string, value: string | null | undefined): void {
    if (value === null || value === undefined) this.values.delete(key);
    else this.values.set(key, value);
  }

  setGroup(group: string | undefined, description: string | undefined, interruptOnCancel: boolean): void {
    this.set(GROUP, group);
    this.set(DESCRIPTION, description);
    this.set(INTERRUPT, group === undefined ? undefined : String(interruptOnCancel));
  }
  setDescription(description: string | undefined): void {
    this.set(DESCRIPTION, description);
  }
  setInterrupt(interruptOnCancel: boolean): void {
    this.set(INTERRUPT, String(interruptOnCancel));
  }

  addTag(tag: string): void {
    this.tags.add(tag);
  }
  removeTag(tag: string): void {
    this.tags.delete(tag);
  }
  clearTags(): void {
    this.tags.clear();
  }
  getTags(): ReadonlySet<string> {
    return new Set(this.tags);
  }

  /** Options of a job that starts now. */
  jobOptions(action: string): JobOptions {
    const group = this.values.get(GROUP);
    const pool = this.values.get(POOL);
    return {
      description: this.values.get(DESCRIPTION) ?? action,
      interruptOnCancel: this.values.get(INTERRUPT) === "true",
      ...(group === undefined ? {} : { group }),
      ...(pool === undefined ? {} : { pool }),
      ...(this.tags.size > 0 ? { tags: [...this.tags] } : {}),
    };
  }

  /** The present values; calling the result puts them back. */
  saved(): () => void {
    const values = [...this.values];
    return () => {
      this.values.clear();
      for (const [key, value] of values) this.values.set(key, value);
    };
  }
}
