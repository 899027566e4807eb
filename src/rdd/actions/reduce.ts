import { defineRddAction } from "../action.js";
import { deserializeValue } from "../codec/index.js";
import { compareNatural, openOrdering, type OrderingSpec } from "../ordering.js";

type Combine = (left: unknown, right: unknown) => unknown;

/** The reduced elements as an array of one, or an empty one. */
defineRddAction<unknown, unknown[]>({
  name: "rdd.reduce",
  run(source, closure, { revive }) {
    const f = revive<Combine>(closure);
    let value: unknown;
    let empty = true;
    source.push((element) => {
      value = empty ? element : f(value, element);
      empty = false;
      return true;
    });
    return empty ? [] : [value];
  },
});

/** All elements added to a zero value of the partition's own. */
defineRddAction<{ readonly zero: Uint8Array; readonly add: unknown }, unknown>({
  name: "rdd.aggregate",
  run(source, { zero, add }, { revive }) {
    const f = revive<Combine>(add);
    let value = deserializeValue(zero);
    source.push((element) => {
      value = f(value, element);
      return true;
    });
    return value;
  },
});

/** The greatest (or least) element as an array of one; of equal ones the first. */
defineRddAction<{ readonly greatest: boolean; readonly key: unknown }, unknown[]>({
  name: "rdd.extreme",
  run(source, { greatest, key }, { revive }) {
    const spec: OrderingSpec = { ascending: !greatest, ...(key === undefined ? {} : { key }) };
    const compare = key === undefined && !greatest ? compareNatural : openOrdering(spec, revive);
    let best: unknown;
    let empty = true;
    source.push((element) => {
      if (empty || compare(element, best) < 0) best = element;
      empty = false;
      return true;
    });
    return empty ? [] : [best];
  },
});
