import { fromBlock } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import type { FileBlock } from "../../memory/index.js";
import type { Aggregator } from "../aggregator.js";
import { decodePairs, ElementBuilder, roughSize } from "../codec/index.js";
import { KeyedMap } from "../keyed-map.js";
import { keyOf } from "../keys.js";
import type { ShuffleInput, Sink } from "../operator.js";

/** Files that a map which outgrew memory is divided into, by the hash of the key. */
const FAN_OUT = 16;
/** Bytes of overflow that are written at a time, per file set. */
const WRITE_BYTES = 4 * 2 ** 20;
/** Entries between two looks at the memory. */
const STRIDE = 1024;
const DEEPEST = 6;
/** The map may be this large, whatever memory is granted. */
const LEAST_BYTES = 2 ** 20;

type Pairs = (fn: (key: unknown, value: unknown) => void) => void;

/**
 * One combiner a key. Keys come in the order in which they were first seen, as long as they fit into memory; when the task gets
 * no more of it, combiners go to files by the key's hash, which are then combined one after the other (Graefe, "Query evaluation
 * techniques for large databases", 1993, hybrid hashing).
 */
export function combinePairs(
  input: ShuffleInput,
  aggregator: Aggregator,
  combined: boolean,
  task: TaskContext,
): ShuffleInput {
  const push = (sink: Sink): boolean => {
    let going = true;
    combineInto(input.pushPairs, aggregator, combined, task, 0, (key, combiner) => (going = sink([key, combiner])));
    return going;
  };
  return {
    push,
    pushPairs(fn) {
      combineInto(input.pushPairs, aggregator, combined, task, 0, (key, combiner) => {
        fn(key, combiner);
        return true;
      });
    },
    *iterate() {
      yield* combinedPairs(input.pushPairs, aggregator, combined, task, 0);
    },
  };
}

/** Gives every key and its combiner to `sink` until it says false. */
function combineInto(
  pairs: Pairs,
  aggregator: Aggregator,
  combined: boolean,
  task: TaskContext,
  depth: number,
  sink: (key: unknown, combiner: unknown) => boolean,
): boolean {
  const table = new CombineTable(aggregator, task, depth);
  try {
    table.addAll(pairs, combined);
    const { keys, values } = table.entries;
    for (let i = 0; i < keys.length; i++) if (!sink(keys[i], values[i])) return false;
    for (const overflow of table.overflow()) {
      if (!combineInto(overflow, aggregator, true, task, depth + 1, sink)) return false;
    }
    return true;
  } finally {
    table.free();
  }
}

function* combinedPairs(
  pairs: Pairs,
  aggregator: Aggregator,
  combined: boolean,
  task: TaskContext,
  depth: number,
): Generator<[unknown, unknown]> {
  const table = new CombineTable(aggregator, task, depth);
  try {
    table.addAll(pairs, combined);
    const { keys, values } = table.entries;
    for (let i = 0; i < keys.length; i++) yield [keys[i], values[i]];
    for (const overflow of table.overflow()) yield* combinedPairs(overflow, aggregator, true, task, depth + 1);
  } finally {
    table.free();
  }
}

/** The map of combiners, and what did not fit. */
class CombineTable {
  readonly entries = new KeyedMap();
  private held = 0;
  private used = 0;
  private merges = 0;
  private perEntry = 64;
  private perMerge = 0;
  private full = false;
  private builders: ElementBuilder[] = [];
  private readonly files: FileBlock[][] = Array.from({ length: FAN_OUT }, () => []);

  constructor(
    private readonly aggregator: Aggregator,
    private readonly task: TaskContext,
    private readonly depth: number,
  ) {}

  addAll(pairs: Pairs, combined: boolean): void {
    const { entries, aggregator } = this;
    const { values } = entries;
    let left = STRIDE;
    pairs((key, value) => {
      const index = entries.indexOf(key);
      if (index >= 0)
        values[index] = combined ? aggregator.combine(values[index], value) : aggregator.merge(values[index], value);
      else if (this.full) this.overflowPair(key, combined ? value : aggregator.create(value));
      else entries.insert(key, combined ? value : aggregator.create(value));
      if (index >= 0 && aggregator.grows) this.merges++;
      if (--left > 0) return;
      left = STRIDE;
      this.look();
    });
    for (let file = 0; file < this.builders.length; file++) this.write(file);
  }

  /** What went to the files, one after the other. */
  *overflow(): Generator<Pairs> {
    if (!this.full) return;
    this.entries.clear();
    this.giveBack();
    for (const blocks of this.files) {
      if (blocks.length === 0) continue;
      yield (fn) => {
        for (const block of blocks) decodePairs(fromBlock(block), fn);
      };
      for (const block of blocks.splice(0)) this.task.blocks.discard(block);
    }
  }

  free(): void {
    this.giveBack();
    for (const blocks of this.files) for (const block of blocks) this.task.blocks.discard(block);
  }

  private giveBack(): void {
    this.task.memory.release(this.held);
    this.held = 0;
  }

  /** Accounts for what the map holds by now; once there is no more memory, new keys and growing combiners go to files. */
  private look(): void {
    const { entries } = this;
    const { keys, values } = entries;
    if (keys.length > 0) {
      const sample = (this.used * 7919) % keys.length;
      const entry = 56 + roughSize(keys[sample]);
      this.perEntry += (entry - this.perEntry) / 8;
      const size = roughSize(values[sample]);
      if (!this.aggregator.grows) this.perMerge += (size - this.perMerge) / 8;
      else
        this.perMerge = Math.max(
          this.perMerge,
          Array.isArray(values[sample]) ? size / (values[sample].length || 1) : size,
        );
    }
    this.used++;
    const values_ = this.aggregator.grows ? keys.length + this.merges : keys.length;
    const bytes = Math.ceil(keys.length * this.perEntry + values_ * this.perMerge);
    if (bytes <= this.held || bytes < LEAST_BYTES) return;
    const wanted = Math.max(bytes - this.held, 2 ** 20, this.held >> 2);
    if (this.task.memory.acquire(wanted)) this.held += wanted;
    else if (this.depth < DEEPEST) this.spillAll();
  }

  /** Moves every combiner to the files; what follows goes there too. */
  private spillAll(): void {
    const { keys, values } = this.entries;
    this.full = true;
    for (let i = 0; i < keys.length; i++) this.overflowPair(keys[i], values[i]);
    this.entries.clear();
    this.merges = 0;
    this.giveBack();
  }

  private overflowPair(key: unknown, combiner: unknown): void {
    if (this.builders.length === 0) this.builders = Array.from({ length: FAN_OUT }, () => new ElementBuilder());
    const file = textHash(keyOf(key), this.depth) & (FAN_OUT - 1);
    const builder = this.builders[file];
    builder.appendPair(key, combiner);
    if ((builder.length & 63) === 0 && builder.bytes > WRITE_BYTES / FAN_OUT) this.write(file);
  }

  private write(file: number): void {
    const builder = this.builders[file];
    if (builder.length === 0) return;
    const numRows = builder.length;
    this.files[file].push(this.task.blocks.spill({ numRows, columns: [builder.finish()] }));
  }
}

/** FNV-1a over the text of a key, differently at each depth. */
function textHash(key: unknown, depth: number): number {
  const text = typeof key === "string" ? key : String(key);
  let hash = 0x811c9dc5 ^ Math.imul(depth + 1, 0x9e3779b1);
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  return Math.imul(hash, 0x85ebca6b) >>> 16;
}
