import type { Sink, Source } from "../operator.js";

const END = { done: true, value: undefined } as const;

/** Pulls through a push operator: asks the parent for one element whenever the queue of outputs is empty. */
export class TransducedIterator implements IterableIterator<unknown> {
  private readonly queue: unknown[] = [];
  private at = 0;
  private ended = false;
  private readonly parent: Iterator<unknown>;
  private readonly sink: Sink;

  constructor(source: Source, compose: (sink: Sink) => Sink) {
    this.parent = source.iterate();
    this.sink = compose((element) => {
      this.queue.push(element);
      return true;
    });
  }

  next(): IteratorResult<unknown> {
    while (this.at === this.queue.length) {
      if (this.ended) return END;
      this.queue.length = this.at = 0;
      const next = this.parent.next();
      if (next.done) {
        this.ended = true;
        return END;
      }
      if (!this.sink(next.value)) {
        this.ended = true;
        this.parent.return?.();
      }
    }
    return { done: false, value: this.queue[this.at++] };
  }

  return(): IteratorResult<unknown> {
    if (!this.ended) this.parent.return?.();
    this.ended = true;
    this.queue.length = this.at = 0;
    return END;
  }

  [Symbol.iterator](): this {
    return this;
  }
}
