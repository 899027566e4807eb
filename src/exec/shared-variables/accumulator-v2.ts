import { UnsupportedOperationException } from "../../common/index.js";

let nextId = 0;

/**
 * Something that tasks add to and the driver reads: each successful task's additions count once, whatever ran again.
 * A subclass keeps its state in public fields of values that travel (numbers, strings, arrays, Maps...); that state, and the
 * class itself, is what workers get. Register it with `sc.register` before it is used in a function.
 */
export abstract class AccumulatorV2<IN = unknown, OUT = unknown> {
  private registration: { readonly id: number; readonly name: string | undefined } | undefined;

  /** Whether nothing was added, so that merging it changes nothing. */
  abstract isZero(): boolean;
  abstract copy(): AccumulatorV2<IN, OUT>;
  abstract reset(): void;
  abstract add(value: IN): void;
  /** Adds what another accumulator of the same class holds. */
  abstract merge(other: AccumulatorV2<IN, OUT>): void;
  abstract get value(): OUT;

  /** A copy in its zero state. */
  copyAndReset(): AccumulatorV2<IN, OUT> {
    const copy = this.copy();
    copy.reset();
    return copy;
  }

  get isRegistered(): boolean {
    return this.registration !== undefined;
  }
  /** Number of a registered accumulator. */
  get id(): number {
    if (!this.registration) throw unregistered();
    return this.registration.id;
  }
  get name(): string | undefined {
    return this.registration?.name;
  }

  /** Not part of Spark's API: `sc.register` calls it. */
  assignId(name?: string, id = nextId++): void {
    if (this.registration) {
      throw new UnsupportedOperationException(
        "Cannot register an Accumulator twice; make a new one for every registration.",
      );
    }
    Object.defineProperty(this, "registration", { value: { id, name }, enumerable: false });
  }

  toString(): string {
    const about = this.registration ? `id: ${this.id}, name: ${this.name ?? "None"}, value: ${String(this.value)}` : "";
    return `${this.constructor.name}(${about || "Un-registered Accumulator"})`;
  }
}

export const unregistered = (): UnsupportedOperationException =>
  new UnsupportedOperationException(
    "Accumulator must be registered before send to executor; call sc.register(accumulator).",
  );
