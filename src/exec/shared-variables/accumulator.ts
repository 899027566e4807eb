import { AccumulatorV2 } from "./accumulator-v2.js";
import { runningTask } from "./running-task.js";
import { SparkException } from "../../common/index.js";

/** How values of a type of one's own are added: PySpark's AccumulatorParam. */
export interface AccumulatorParam<T> {
  /** The zero of values like `value`. */
  zero(value: T): T;
  addInPlace(left: T, right: T): T;
}

/** The accumulator that `sc.accumulator(value, param)` makes; numbers need no param. */
export class Accumulator<T> extends AccumulatorV2<T, T> {
  current: T;
  /** Whether anything was added. */
  changed = false;

  declare readonly param: AccumulatorParam<T>;

  constructor(initial: T, param: AccumulatorParam<T>) {
    super();
    this.current = initial;
    // Not part of the state that tasks send back.
    Object.defineProperty(this, "param", { value: param, enumerable: false });
  }

  isZero(): boolean {
    return !this.changed;
  }
  copy(): Accumulator<T> {
    return new Accumulator(this.current, this.param);
  }
  reset(): void {
    this.current = this.param.zero(this.current);
    this.changed = false;
  }
  add(term: T): void {
    this.current = this.param.addInPlace(this.current, term);
    this.changed = true;
  }
  merge(other: AccumulatorV2<T, T>): void {
    this.current = this.param.addInPlace(this.current, (other as Accumulator<T>).current);
    this.changed = true;
  }
  /** What was added so far, on the driver. */
  get value(): T {
    if (runningTask()) {
      throw new SparkException("Accumulator.value cannot be accessed inside tasks; read it on the driver.", {
        condition: "VALUE_NOT_ACCESSIBLE",
        parameters: { value: "Accumulator.value" },
      });
    }
    return this.current;
  }
  set value(value: T) {
    if (runningTask()) {
      throw new SparkException("Accumulator.value cannot be accessed inside tasks; call add(term) there.", {
        condition: "VALUE_NOT_ACCESSIBLE",
        parameters: { value: "Accumulator.value" },
      });
    }
    this.current = value;
  }
}

/** Numbers, which need no param. */
export const numberParam: AccumulatorParam<number> = {
  zero: () => 0,
  addInPlace: (left, right) => left + right,
};
