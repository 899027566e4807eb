import type { CachedPartition, TaskContext } from "../../exec/index.js";
import { reportCached } from "../../exec/shared-variables/index.js";
import { reviveClosure, type Closure } from "../../exec/closure/index.js";
import {
  rddOperator,
  type ComputeInput,
  type RddOperator,
  type ShuffleInput,
  type Sink,
  type Source,
} from "../operator.js";
import { readShuffle } from "../shuffle/read-shuffle.js";
import { cachedSource } from "./cached-source.js";
import type { NodeSpec } from "./node-spec.js";
import { TransducedIterator } from "./transduced-iterator.js";

/** Computes partitions inside one task: opens operators, revives each captured function once. */
export class TaskCompute {
  /** Partitions that were computed on the way and are to be cached when the task succeeds. */
  readonly cached: CachedPartition[] = [];
  private readonly prepared = new Map<NodeSpec, unknown>();
  private readonly functions = new Map<unknown, (...args: never[]) => unknown>();

  constructor(readonly task: TaskContext) {}

  readonly revive = <F extends (...args: never[]) => unknown>(closure: unknown): F => {
    let fn = this.functions.get(closure);
    if (!fn) {
      fn = reviveClosure(closure as Closure) as (...args: never[]) => unknown;
      this.functions.set(closure, fn);
    }
    return fn as F;
  };

  /** Hands the partitions to be cached over to the driver; called when everything was computed. */
  report(): void {
    reportCached(this.cached);
  }

  /** Does what the operators of a partition have to do before it can be computed. */
  async prepare(node: NodeSpec): Promise<void> {
    if (node.cache?.blocks) return;
    const { prepare } = rddOperator(node.operator);
    if (prepare && !this.prepared.has(node)) this.prepared.set(node, await prepare(this.input(node)));
    for (const input of node.inputs)
      if ("narrow" in input) for (const parent of input.narrow) await this.prepare(parent);
  }

  source(node: NodeSpec): Source {
    const source = this.computed(node);
    return node.cache ? cachedSource(source, node.cache, this) : source;
  }

  private computed(node: NodeSpec): Source {
    const operator = rddOperator(node.operator);
    const input = this.input(node);
    if (operator.transduce) {
      return {
        push: (sink) => input.parent().push(operator.transduce!(input, sink)),
        iterate: () => new TransducedIterator(...this.composed(node)),
      };
    }
    return {
      push: (sink) => (operator.push ? operator.push(input, sink) : pushAll(open(operator, input), sink)),
      iterate: () => iterable(open(operator, input)),
      count: () => operator.count?.(input),
      stored: () => operator.stored?.(input),
    };
  }

  /** The first ancestor that is not element by element, and the sink of all operators above it in one. */
  private composed(node: NodeSpec): [parent: Source, compose: (sink: Sink) => Sink] {
    const chain: ((sink: Sink) => Sink)[] = [];
    let at = node;
    for (;;) {
      const operator = rddOperator(at.operator);
      if (!operator.transduce || (at.cache && at !== node)) break;
      const input = this.input(at);
      chain.push((sink) => operator.transduce!(input, sink));
      const [first] = at.inputs;
      if (!("narrow" in first)) break;
      at = first.narrow[0];
    }
    return [this.source(at), (sink) => chain.reduce((below, wrap) => wrap(below), sink)];
  }

  private input(node: NodeSpec): ComputeInput {
    const narrow = (dependency: number): readonly NodeSpec[] => {
      const input = node.inputs[dependency];
      if (!input || !("narrow" in input)) throw new Error(`${node.operator}: dependency ${dependency} is not narrow`);
      return input.narrow;
    };
    return {
      params: node.params,
      split: node.split,
      partition: node.partition,
      task: this.task,
      revive: this.revive,
      prepared: this.prepared.get(node),
      numDependencies: node.inputs.length,
      parent: (dependency = 0, position = 0) => this.source(narrow(dependency)[position]),
      parents: (dependency = 0) => narrow(dependency).map((parent) => this.source(parent)),
      isShuffle: (dependency) => "shuffle" in node.inputs[dependency],
      shuffle: (dependency = 0): ShuffleInput => {
        const input = node.inputs[dependency];
        if (!input || !("shuffle" in input))
          throw new Error(`${node.operator}: dependency ${dependency} is no shuffle`);
        return readShuffle(input.shuffle, this.task, this.revive);
      },
    };
  }
}

function open(operator: RddOperator, input: ComputeInput): Iterator<unknown> {
  if (!operator.iterate) throw new Error(`the RDD operator "${operator.name}" says neither transduce nor iterate`);
  return operator.iterate(input);
}

/** Pushes what an iterator gives; closes it when the sink stops. */
export function pushAll(iterator: Iterator<unknown>, sink: Sink): boolean {
  for (let next = iterator.next(); !next.done; next = iterator.next()) {
    if (sink(next.value)) continue;
    iterator.return?.();
    return false;
  }
  return true;
}

/** The iterator as something `for...of` takes. */
export function iterable<T>(iterator: Iterator<T>): IterableIterator<T> {
  if (Symbol.iterator in iterator) return iterator as IterableIterator<T>;
  const wrapped: IterableIterator<T> = {
    next: () => iterator.next(),
    return: (value?: unknown) => iterator.return?.(value) ?? { done: true, value: undefined as never },
    [Symbol.iterator]: () => wrapped,
  };
  return wrapped;
}
