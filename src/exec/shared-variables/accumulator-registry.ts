import type { AccumulatorUpdate } from "../task.js";
import type { AccumulatorV2 } from "./accumulator-v2.js";

/** The accumulators of an engine, by number; those that nobody holds any more are forgotten. */
export class AccumulatorRegistry {
  private readonly accumulators = new Map<number, WeakRef<AccumulatorV2>>();
  private readonly forgotten = new FinalizationRegistry<number>((id) => this.accumulators.delete(id));

  register(accumulator: AccumulatorV2, name?: string): void {
    accumulator.assignId(name);
    this.accumulators.set(accumulator.id, new WeakRef(accumulator));
    this.forgotten.register(accumulator, accumulator.id);
  }

  /** Adds what a successful task gathered. */
  apply(updates: readonly AccumulatorUpdate[]): void {
    for (const { id, update } of updates) {
      const accumulator = this.accumulators.get(id)?.deref();
      if (!accumulator) continue;
      const other = Object.create(Object.getPrototypeOf(accumulator) as object) as AccumulatorV2;
      accumulator.merge(Object.assign(other, update));
    }
  }
}
