import { definePortableClass } from "../closure/portable-class.js";
import { Accumulator, type AccumulatorParam } from "./accumulator.js";
import { AccumulatorV2 } from "./accumulator-v2.js";
import { CollectionAccumulator, DoubleAccumulator, LongAccumulator } from "./built-in-accumulators.js";
import { gatherFrom, taskSerial } from "./running-task.js";

/** State of an accumulator: its own fields. */
export const stateOf = (accumulator: AccumulatorV2): Record<string, unknown> => ({ ...accumulator });

/**
 * On a worker an accumulator starts from zero in every task, and what it holds when the task ends is the task's update. Tasks
 * and functions of one worker that hold the same accumulator share one: `byId`.
 */
const byId = new Map<number, { readonly accumulator: AccumulatorV2; readonly serial: number }>();

type Restore = () => AccumulatorV2;

function onWorker(id: number, restore: Restore): AccumulatorV2 {
  const known = byId.get(id);
  if (known && known.serial === taskSerial()) return known.accumulator;
  const accumulator = attached(id, restore());
  byId.set(id, { accumulator, serial: taskSerial() });
  return accumulator;
}

/** Gathers what is added for the task that runs at that time, which may be a later one than the one it came with. */
function attached(id: number, accumulator: AccumulatorV2): AccumulatorV2 {
  accumulator.assignId(undefined, id);
  const zero = stateOf(accumulator.copyAndReset());
  const add = accumulator.add.bind(accumulator);
  let serial = -1;
  const take = (): unknown => (accumulator.isZero() ? undefined : stateOf(accumulator));
  const addInTask = (value: unknown): void => {
    if (serial !== taskSerial()) {
      serial = taskSerial();
      Object.assign(accumulator, zero);
      accumulator.reset();
      gatherFrom({ id, take });
    }
    add(value);
  };
  Object.defineProperty(accumulator, "add", { value: addInTask, enumerable: false });
  return accumulator;
}

interface Simple {
  readonly id: number;
}

/** A class whose zero state its constructor makes. */
function simple(name: string, Class: new () => AccumulatorV2): void {
  definePortableClass<AccumulatorV2>({
    name,
    matches: (value): value is AccumulatorV2 => value instanceof Class && value.constructor === Class,
    take: ({ id }): Simple => ({ id }),
    make: (parts) => onWorker((parts as Simple).id, () => new Class()),
  });
}
simple("LongAccumulator", LongAccumulator as unknown as new () => AccumulatorV2);
simple("DoubleAccumulator", DoubleAccumulator as unknown as new () => AccumulatorV2);
simple("CollectionAccumulator", CollectionAccumulator as unknown as new () => AccumulatorV2);

interface WithParam {
  readonly id: number;
  readonly zero: unknown;
  readonly param: AccumulatorParam<unknown>;
}
definePortableClass<Accumulator<unknown>>({
  name: "Accumulator",
  matches: (value): value is Accumulator<unknown> => value instanceof Accumulator,
  take: ({ id, current, param }): WithParam => ({
    id,
    zero: param.zero(current),
    param,
  }),
  make: (parts) => {
    const { id, zero, param } = parts as WithParam;
    return onWorker(id, () => new Accumulator(zero, param) as AccumulatorV2) as Accumulator<unknown>;
  },
});

interface Custom {
  readonly id: number;
  readonly class: new () => AccumulatorV2;
  readonly state: Record<string, unknown>;
}
/** Classes of users: the class itself travels as source, with the fields of a zero copy. */
definePortableClass<AccumulatorV2>({
  name: "AccumulatorV2",
  matches: (value): value is AccumulatorV2 => value instanceof AccumulatorV2,
  take: (accumulator): Custom => ({
    id: accumulator.id,
    class: accumulator.constructor as new () => AccumulatorV2,
    state: stateOf(accumulator.copyAndReset()),
  }),
  make: (parts) => {
    const { id, class: Class, state } = parts as Custom;
    return onWorker(id, () => Object.assign(Object.create(Class.prototype as object) as AccumulatorV2, state));
  },
});

/** The base class itself, which the source of a user's class names. */
definePortableClass<typeof AccumulatorV2>({
  name: "class AccumulatorV2",
  matches: (value): value is typeof AccumulatorV2 => value === AccumulatorV2,
  take: () => null,
  make: () => AccumulatorV2,
});
