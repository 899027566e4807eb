import { fromBlock } from "../../columnar/index.js";
import type { TaskContext } from "../../exec/index.js";
import type { FileBlock } from "../../memory/index.js";
import { decodeLazily, ElementBuilder, roughSize } from "../codec/index.js";

/** Elements between two looks at the memory. */
const STRIDE = 1024;
/** Bytes of a sorted run that are written, and later read, at a time. */
const BLOCK_BYTES = 2 ** 20;
/** Runs are at least this long, whatever memory is granted. */
const LEAST_BYTES = 2 ** 20;

/** Sorts any number of elements, stably: runs that do not fit into the task's memory go to files and are merged. */
export class ExternalSorter<T> {
  private elements: T[] = [];
  private readonly runs: FileBlock[][] = [];
  private held = 0;
  private bytes = 0;
  private perElement = 64;

  constructor(
    private readonly compare: (left: T, right: T) => number,
    private readonly task: TaskContext,
  ) {}

  add(element: T): void {
    this.elements.push(element);
    if (this.elements.length % STRIDE !== 0) return;
    this.perElement += (16 + roughSize(element) - this.perElement) / 4;
    this.bytes = this.elements.length * this.perElement;
    if (this.bytes <= this.held || this.bytes < LEAST_BYTES) return;
    const wanted = Math.ceil(Math.max(this.bytes - this.held, 2 ** 20, this.held / 4));
    if (this.task.memory.acquire(wanted)) this.held += wanted;
    else this.spill();
  }

  /** All elements in order; the sorter is used up. */
  *iterate(): Generator<T> {
    try {
      this.elements.sort(this.compare);
      if (this.runs.length === 0) yield* this.elements;
      else yield* this.merge();
    } finally {
      this.free();
    }
  }

  private spill(): void {
    this.elements.sort(this.compare);
    const run: FileBlock[] = [];
    const builder = new ElementBuilder();
    const write = (): void => {
      run.push(this.task.blocks.spill({ numRows: builder.length, columns: [builder.finish()] }));
    };
    for (const element of this.elements) {
      builder.append(element);
      if ((builder.length & 63) === 0 && builder.bytes > BLOCK_BYTES) write();
    }
    if (builder.length > 0) write();
    this.runs.push(run);
    this.elements = [];
    this.task.memory.release(this.held);
    this.held = 0;
  }

  /** Merges the runs and what is in memory; of equal elements those of the earlier run come first. */
  private *merge(): Generator<T> {
    const inputs: Iterator<T>[] = [...this.runs.map((run) => this.read(run)), this.elements[Symbol.iterator]()];
    const heap: { value: T; readonly run: number }[] = [];
    const before = (a: { value: T; run: number }, b: { value: T; run: number }): boolean => {
      const order = this.compare(a.value, b.value);
      return order < 0 || (order === 0 && a.run < b.run);
    };
    const sink = (from: number): void => {
      const entry = heap[from];
      let at = from;
      for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
        if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
        if (!before(heap[child], entry)) break;
        heap[at] = heap[child];
        at = child;
      }
      heap[at] = entry;
    };
    inputs.forEach((input, run) => {
      const next = input.next();
      if (!next.done) heap.push({ value: next.value, run });
    });
    for (let at = (heap.length >> 1) - 1; at >= 0; at--) sink(at);
    while (heap.length > 0) {
      const [top] = heap;
      yield top.value;
      const next = inputs[top.run].next();
      if (!next.done) top.value = next.value;
      else {
        const last = heap.pop()!;
        if (heap.length > 0) heap[0] = last;
      }
      if (heap.length > 0) sink(0);
    }
  }

  private *read(run: FileBlock[]): Generator<T> {
    while (run.length > 0) {
      this.task.checkCancelled();
      yield* decodeLazily(fromBlock(run[0])) as Generator<T>;
      this.task.blocks.discard(run.shift()!);
    }
  }

  private free(): void {
    this.elements = [];
    this.task.memory.release(this.held);
    this.held = 0;
    for (const run of this.runs) for (const block of run) this.task.blocks.discard(block);
    this.runs.length = 0;
  }
}
