import type { TaskContext } from "../exec/index.js";
import type { StoredPiece } from "./shuffle/map-output.js";

/** Takes one element; false means: stop, and never call again. */
// eslint-disable-next-line typescript/no-explicit-any -- elements are whatever the user's functions make
export type Sink = (element: any) => boolean;

/** The elements of one partition, on a worker. It may be read more than once; each reading computes it again. */
export interface Source {
  /** Pushes the elements in order; false when the sink stopped it. */
  push(sink: Sink): boolean;
  /** Pulls the elements one by one, each computed when it is asked for; `return()` ends it early. */
  // eslint-disable-next-line typescript/no-explicit-any -- see Sink
  iterate(): IterableIterator<any>;
  /** Number of elements, where it is known without making them; undefined where it is not. */
  count?(): number | undefined;
  /** The stored elements of which the partition consists, in order; undefined where they are computed. */
  stored?(): readonly StoredPiece[] | undefined;
}

/** What a shuffle brought to one partition: in map order, combined and sorted as its dependency says. */
export interface ShuffleInput extends Source {
  /** Calls `fn` with every key and value, without an array for each pair. */
  // eslint-disable-next-line typescript/no-explicit-any -- see Sink
  pushPairs(fn: (key: any, value: any) => void): void;
}

/** What an operator computes one partition from. */
export interface ComputeInput<P = unknown, S = unknown> {
  readonly params: P;
  readonly split: S;
  readonly partition: number;
  readonly task: TaskContext;
  /** The `position`-th parent partition of a narrow dependency. */
  parent(dependency?: number, position?: number): Source;
  /** All parent partitions of a narrow dependency. */
  parents(dependency?: number): readonly Source[];
  shuffle(dependency?: number): ShuffleInput;
  /** What `prepare` gave for this partition. */
  readonly prepared: unknown;
  readonly numDependencies: number;
  /** Whether that dependency is a shuffle. */
  isShuffle(dependency: number): boolean;
  /** The function that was captured; one per task, however often it is asked for. */
  revive<F extends (...args: never[]) => unknown>(closure: unknown): F;
}

/**
 * How an RDD computes a partition, registered under a name on driver and workers. One of `transduce` (element by element over
 * its only parent) and `iterate` (anything else, lazily); `push` beside `iterate` where a loop is faster than an iterator.
 */
export interface RddOperator<P = unknown, S = unknown> {
  readonly name: string;
  /** Asynchronous work before the task computes anything: reading what only comes as a stream. */
  prepare?(input: ComputeInput<P, S>): Promise<unknown>;
  transduce?(input: ComputeInput<P, S>, sink: Sink): Sink;
  iterate?(input: ComputeInput<P, S>): Iterator<unknown>;
  push?(input: ComputeInput<P, S>, sink: Sink): boolean;
  /** Number of elements, where it is known without making them. */
  count?(input: ComputeInput<P, S>): number | undefined;
  /** Where the elements lie that make up the partition as they are; undefined where they are computed. */
  stored?(input: ComputeInput<P, S>): readonly StoredPiece[] | undefined;
}

const operators = new Map<string, RddOperator<never, never>>();

/** Registers an operator under its name and returns it. */
export function defineRddOperator<P, S = unknown>(operator: RddOperator<P, S>): RddOperator<P, S> {
  operators.set(operator.name, operator as unknown as RddOperator<never, never>);
  return operator;
}

export function rddOperator(name: string): RddOperator {
  const found = operators.get(name);
  if (!found) throw new Error(`no RDD operator "${name}" is registered`);
  return found as unknown as RddOperator;
}
