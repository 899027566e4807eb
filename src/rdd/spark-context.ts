import { join } from "node:path";
import { IllegalArgumentException, SparkConf, SparkException } from "../common/index.js";
import { captureClosure } from "../exec/closure/index.js";
import { Engine, type JobOptions } from "../exec/index.js";
import {
  Accumulator,
  CollectionAccumulator,
  DoubleAccumulator,
  LongAccumulator,
  Broadcast,
  numberParam,
  type AccumulatorParam,
  type AccumulatorV2,
} from "../exec/shared-variables/index.js";
import type { StoredBlock } from "../memory/index.js";
import type { AnyRdd } from "./jobs/lineage.js";
import { binaryFiles, binaryRecords, objectFile, textFile, wholeTextFiles } from "./files/index.js";
import { LocalProperties } from "./local-properties.js";
import { parallelize } from "./operators/parallelize.js";
import { emptyRdd, range } from "./operators/range.js";
import { union } from "./operators/union.js";
import { RDD } from "./rdd.js";
import type { RddDefinition } from "./rdd-definition.js";
import { RddStorage, type RddStorageInfo } from "./rdd-storage.js";
import { SparkFiles } from "./spark-files.js";
import { StatusTracker } from "./status-tracker.js";

let active: SparkContext | undefined;
let nextApplication = 0;
const setActive = (context: SparkContext): void => {
  active = context;
};

/** The entry point to RDDs, broadcasts and accumulators. One engine stands behind a context and the sessions that are made of it. */
export class SparkContext implements AsyncDisposable {
  readonly version = "4.3.0";
  readonly applicationId: string;
  /** Milliseconds since 1970. */
  readonly startTime = Date.now();
  /** There is no web page of a running program. */
  readonly uiWebUrl = undefined;
  /** Not part of Spark's API. */
  readonly engine: Engine;
  private readonly properties = new LocalProperties();
  private readonly storage: RddStorage;
  private readonly tracker: StatusTracker;
  private nextId = 0;
  private readonly files = new Set<string>();

  /** `conf` may name master and application (`spark.master`, `spark.app.name`); an engine that runs already may be given instead. */
  constructor(conf: SparkConf | Engine = new SparkConf(), applicationId?: string) {
    this.engine = conf instanceof Engine ? conf : new Engine(conf);
    this.applicationId = applicationId ?? `local-${this.startTime}${nextApplication++ || ""}`;
    this.engine.scheduler.hooks.jobDefaults = (description) => this.properties.jobOptions(description);
    this.storage = new RddStorage(this.engine.blocks);
    this.tracker = new StatusTracker(this.engine.events);
    setActive(this);
  }

  /** The context that runs, or a new one. */
  static getOrCreate(conf?: SparkConf): SparkContext {
    return SparkContext.active() ?? new SparkContext(conf);
  }

  /** The context that was made last and still runs. */
  static active(): SparkContext | undefined {
    return active?.engine.isStopped ? undefined : active;
  }

  get master(): string {
    return this.engine.conf.value("master");
  }
  get appName(): string {
    return this.engine.conf.value("appName");
  }
  /** Partitions of new RDDs where nothing else is said: `spark.default.parallelism`, else the tasks that run at once. */
  get defaultParallelism(): number {
    return Number(this.engine.conf.get("spark.default.parallelism") ?? 0) || this.engine.parallelism;
  }
  /** Least partitions of files. */
  get defaultMinPartitions(): number {
    return Math.min(this.defaultParallelism, 2);
  }
  /** A copy of the settings. */
  getConf(): SparkConf {
    return new SparkConf(false).setAll(this.engine.conf.getAll());
  }

  /** An RDD of elements from the driver, in `numSlices` partitions. */
  parallelize<T>(elements: Iterable<T>, numSlices: number = this.defaultParallelism): RDD<T> {
    this.assertRunning();
    return parallelize(this, elements, numSlices);
  }
  /** Integers from `start` (0 with one argument) up to, not including, `end`. */
  range(start: number, end?: number, step = 1, numSlices: number = this.defaultParallelism): RDD<number> {
    this.assertRunning();
    return end === undefined ? range(this, 0, start, step, numSlices) : range(this, start, end, step, numSlices);
  }
  /** An RDD without partitions. */
  emptyRDD<T = never>(): RDD<T> {
    this.assertRunning();
    return emptyRdd<T>(this);
  }
  /** The elements of all RDDs, one after the other. */
  union<T>(rdds: readonly RDD<T>[]): RDD<T> {
    if (rdds.length === 0) return this.emptyRDD<T>();
    return union(this, rdds);
  }
  /** Applies `f` to the elements of the given partitions (all by default) and gives what it returned, one after the other. */
  async runJob<T, U>(
    rdd: RDD<T>,
    f: (elements: IterableIterator<T>) => Iterable<U>,
    partitions?: readonly number[],
  ): Promise<U[]> {
    const options = { description: "runJob", ...(partitions ? { partitions } : {}) };
    return (await rdd.runAction<U[]>("rdd.runJob", captureClosure(f), options)).flat(1) as U[];
  }

  /**
   * Lines of text files: a path, several separated by commas, patterns, or directories; `.gz` and `.deflate` are decompressed.
   * What does not exist is an error of the first action.
   */
  textFile(path: string, minPartitions: number = this.defaultMinPartitions): RDD<string> {
    this.assertRunning();
    return textFile(this, path, minPartitions);
  }
  /** Pairs of the path and the text of each file. */
  wholeTextFiles(path: string, minPartitions: number = this.defaultMinPartitions): RDD<[string, string]> {
    this.assertRunning();
    return wholeTextFiles(this, path, minPartitions);
  }
  /** Pairs of the path and the bytes of each file. */
  binaryFiles(path: string, minPartitions: number = this.defaultMinPartitions): RDD<[string, Uint8Array]> {
    this.assertRunning();
    return binaryFiles(this, path, minPartitions);
  }
  /** Records of `recordLength` bytes each. */
  binaryRecords(path: string, recordLength: number): RDD<Uint8Array> {
    this.assertRunning();
    return binaryRecords(this, path, recordLength);
  }
  /** What `saveAsObjectFile` wrote. */
  objectFile<T>(path: string, minPartitions: number = this.defaultMinPartitions): RDD<T> {
    this.assertRunning();
    return objectFile<T>(this, path, minPartitions);
  }
  /** What `saveAsPickleFile` wrote. */
  pickleFile<T>(name: string, minPartitions?: number): RDD<T> {
    return this.objectFile<T>(name, minPartitions);
  }

  /** Puts a value into shared memory once, for functions on all workers to read. */
  broadcast<T>(value: T): Broadcast<T> {
    this.assertRunning();
    if (value instanceof RDD) {
      throw new IllegalArgumentException(
        "requirement failed: Can not directly broadcast RDDs; instead, call collect() and broadcast the result.",
      );
    }
    return new Broadcast(value);
  }
  /** An accumulator of PySpark's kind: of numbers, or of anything with a param that says how it is added. */
  accumulator(value: number): Accumulator<number>;
  accumulator<T>(value: T, param: AccumulatorParam<T>): Accumulator<T>;
  accumulator<T>(value: T, param?: AccumulatorParam<T>): Accumulator<T> {
    if (!param && typeof value !== "number") {
      throw new IllegalArgumentException(
        `No default accumulator param for type ${typeof value}; pass an object with zero(value) and addInPlace(left, right).`,
      );
    }
    return this.registered(new Accumulator<T>(value, param ?? (numberParam as unknown as AccumulatorParam<T>)));
  }
  longAccumulator(name?: string): LongAccumulator {
    return this.registered(new LongAccumulator(), name);
  }
  doubleAccumulator(name?: string): DoubleAccumulator {
    return this.registered(new DoubleAccumulator(), name);
  }
  collectionAccumulator<T>(name?: string): CollectionAccumulator<T> {
    return this.registered(new CollectionAccumulator<T>(), name);
  }
  /** Makes an accumulator of one's own class usable in functions. */
  register(accumulator: AccumulatorV2<never, unknown>, name?: string): void {
    this.registered(accumulator, name);
  }
  private registered<A>(accumulator: A, name?: string): A {
    this.assertRunning();
    this.engine.accumulators.register(accumulator as AccumulatorV2, name);
    return accumulator;
  }

  /** Jobs that are started from now on belong to the group. */
  setJobGroup(groupId: string, description: string, interruptOnCancel = false): void {
    this.properties.setGroup(groupId, description, interruptOnCancel);
  }
  clearJobGroup(): void {
    this.properties.setGroup(undefined, undefined, false);
  }
  setJobDescription(value: string | undefined): void {
    this.properties.setDescription(value);
  }
  setInterruptOnCancel(interruptOnCancel: boolean): void {
    this.properties.setInterrupt(interruptOnCancel);
  }
  setLocalProperty(key: string, value: string | null | undefined): void {
    this.properties.set(key, value);
  }
  getLocalProperty(key: string): string | undefined {
    return this.properties.get(key);
  }
  addJobTag(tag: string): void {
    this.properties.addTag(checkedTag(tag));
  }
  removeJobTag(tag: string): void {
    this.properties.removeTag(checkedTag(tag));
  }
  getJobTags(): ReadonlySet<string> {
    return this.properties.getTags();
  }
  clearJobTags(): void {
    this.properties.clearTags();
  }
  /** Cancels the running jobs of a group. */
  cancelJobGroup(groupId: string): void {
    this.engine.scheduler.cancelJobGroup(groupId);
  }
  cancelJobsWithTag(tag: string): void {
    this.engine.scheduler.cancelTag(checkedTag(tag));
  }
  cancelAllJobs(): void {
    this.engine.scheduler.cancelAll();
  }
  statusTracker(): StatusTracker {
    return this.tracker;
  }

  /** Reliable checkpoints lie in a directory of this context's own inside `directory`. */
  setCheckpointDir(directory: string): void {
    this.engine.blocks.setCheckpointDirectory(directory);
  }
  getCheckpointDir(): string | undefined {
    return this.engine.blocks.checkpointDirectory;
  }
  /** What is kept of persisted RDDs. */
  getRDDStorageInfo(): RddStorageInfo[] {
    return this.storage.info();
  }
  /** RDDs that are persisted, by id. */
  getPersistentRDDs(): Map<number, AnyRdd> {
    return this.storage.rdds();
  }

  /** A file that functions find with `SparkFiles.get(name)`. */
  addFile(path: string, recursive = false): void {
    this.files.add(SparkFiles.add(path, recursive, join(this.engine.blocks.spill.path, "files")));
  }
  get listFiles(): string[] {
    return [...this.files];
  }

  setLogLevel(logLevel: string): void {
    const levels = ["ALL", "DEBUG", "ERROR", "FATAL", "INFO", "OFF", "TRACE", "WARN"];
    if (levels.includes(logLevel.toUpperCase())) return;
    throw new IllegalArgumentException(
      `requirement failed: Supplied level ${logLevel} did not match one of: ${levels.join(",")}`,
    );
  }
  sparkUser(): string {
    return process.env.SPARK_USER ?? process.env.USER ?? "";
  }

  /** Stops the workers and frees everything; running jobs fail. */
  async stop(): Promise<void> {
    if (active === this) active = undefined;
    await this.engine.stop();
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** Not part of Spark's API, like everything below. */
  nextRddId(): number {
    return this.nextId++;
  }
  rdd<T>(definition: RddDefinition): RDD<T> {
    return new RDD<T>(this, definition);
  }
  assertRunning(): void {
    this.engine.assertRunning();
  }
  jobOptions(action: string): JobOptions {
    return this.properties.jobOptions(action);
  }
  savedProperties(): () => void {
    return this.properties.saved();
  }
  checkpointDirectory(): string {
    const directory = this.getCheckpointDir();
    if (directory === undefined) throw new SparkException("Checkpoint directory has not been set in the SparkContext");
    return directory;
  }
  persisted(rdd: AnyRdd): void {
    this.storage.add(rdd);
  }
  unpersisted(id: number, _blocking: boolean): void {
    this.storage.remove(id);
  }
  cachedPartition(id: number, partition: number): readonly StoredBlock[] | undefined {
    return this.storage.partition(id, partition);
  }
  preferredExecutors(rdd: AnyRdd, partition: number): readonly string[] {
    if (rdd.is_cached) {
      const found = this.storage.locations(rdd.id(), partition);
      if (found.length > 0) return found;
    }
    const own = rdd.plan?.preferred?.(partition);
    if (own && own.length > 0) return own;
    for (const dependency of rdd.plan?.dependencies ?? []) {
      if (dependency.kind !== "narrow") continue;
      for (const parent of dependency.parentsOf(partition)) {
        const found = this.preferredExecutors(dependency.rdd, parent);
        if (found.length > 0) return found;
      }
    }
    return [];
  }
  release(blocks: readonly StoredBlock[]): void {
    this.engine.blocks.release(blocks.map(({ block }) => block));
  }
}

function checkedTag(tag: string): string {
  if (tag !== "" && !tag.includes(",")) return tag;
  throw new IllegalArgumentException(
    tag === "" ? "Spark job tag cannot be an empty string." : "Spark job tag cannot contain ','.",
  );
}
