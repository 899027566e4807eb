import { IllegalArgumentException } from "../common/index.js";

/**
 * Where cached rows lie. What the flags mean here:
 * - `useMemory`, deserialized: columns in shared memory on which kernels run in place; serialized: the same rows as one packed
 *   Arrow stream in shared memory, LZ4-compressed unless `spark.rdd.compress` is false; off heap: columns in shared memory
 *   without kernel memory (all of kindling's storage lies outside the JavaScript heap);
 * - `useDisk`: what has no room in memory lies in Arrow files, else it is computed again when it is needed;
 * - `replication`: copies on that many executors of a local cluster, as far as there are that many.
 * Names and flags are those of Spark's Scala constants; PySpark's MEMORY_AND_DISK_DESER is MEMORY_AND_DISK.
 */
export class StorageLevel {
  static readonly NONE = new StorageLevel(false, false, false, false);
  static readonly DISK_ONLY = new StorageLevel(true, false, false, false);
  static readonly DISK_ONLY_2 = new StorageLevel(true, false, false, false, 2);
  static readonly DISK_ONLY_3 = new StorageLevel(true, false, false, false, 3);
  static readonly MEMORY_ONLY = new StorageLevel(false, true, false, true);
  static readonly MEMORY_ONLY_2 = new StorageLevel(false, true, false, true, 2);
  static readonly MEMORY_ONLY_SER = new StorageLevel(false, true, false, false);
  static readonly MEMORY_ONLY_SER_2 = new StorageLevel(false, true, false, false, 2);
  static readonly MEMORY_AND_DISK = new StorageLevel(true, true, false, true);
  static readonly MEMORY_AND_DISK_2 = new StorageLevel(true, true, false, true, 2);
  static readonly MEMORY_AND_DISK_SER = new StorageLevel(true, true, false, false);
  static readonly MEMORY_AND_DISK_SER_2 = new StorageLevel(true, true, false, false, 2);
  static readonly MEMORY_AND_DISK_DESER = StorageLevel.MEMORY_AND_DISK;
  static readonly OFF_HEAP = new StorageLevel(true, true, true, false);

  constructor(
    readonly useDisk: boolean,
    readonly useMemory: boolean,
    readonly useOffHeap: boolean,
    readonly deserialized: boolean,
    readonly replication: number = 1,
  ) {}

  /** The constant of that name, e.g. "MEMORY_ONLY"; an IllegalArgumentException for any other text. */
  static fromString(name: string): StorageLevel {
    const level = Object.hasOwn(StorageLevel, name) ? (StorageLevel as unknown as Record<string, unknown>)[name] : null;
    if (level instanceof StorageLevel) return level;
    throw new IllegalArgumentException(
      `Invalid StorageLevel: ${name}; it must be one of ${StorageLevel.names().join(", ")}.`,
      { parameters: { level: name } },
    );
  }

  /** A level, or the constant that a text names. */
  static of(level: StorageLevel | string): StorageLevel {
    return typeof level === "string" ? StorageLevel.fromString(level) : level;
  }

  private static names(): string[] {
    return Object.keys(StorageLevel).filter((name) => /^[A-Z]/.test(name));
  }

  /** Whether rows are kept anywhere. */
  get isValid(): boolean {
    return (this.useMemory || this.useDisk) && this.replication > 0;
  }

  equals(other: unknown): boolean {
    return (
      other instanceof StorageLevel &&
      other.useDisk === this.useDisk &&
      other.useMemory === this.useMemory &&
      other.useOffHeap === this.useOffHeap &&
      other.deserialized === this.deserialized &&
      other.replication === this.replication
    );
  }

  /** As Spark describes it: "Disk Memory Deserialized 1x Replicated". */
  toString(): string {
    return [
      ...(this.useDisk ? ["Disk"] : []),
      ...(this.useMemory ? [this.useOffHeap ? "Memory (off heap)" : "Memory"] : []),
      this.deserialized ? "Deserialized" : "Serialized",
      `${this.replication}x Replicated`,
    ].join(" ");
  }
}
