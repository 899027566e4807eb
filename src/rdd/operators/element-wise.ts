import { defineRddOperator, type Sink } from "../operator.js";

type Fn = (element: unknown) => unknown;
type Pair = readonly [unknown, unknown];

defineRddOperator<unknown>({
  name: "rdd.map",
  transduce({ params, revive }, sink) {
    const f = revive<Fn>(params);
    return (element) => sink(f(element));
  },
});

defineRddOperator<unknown>({
  name: "rdd.filter",
  transduce({ params, revive }, sink) {
    const f = revive<Fn>(params);
    return (element) => (f(element) ? sink(element) : true);
  },
});

defineRddOperator<unknown>({
  name: "rdd.keyBy",
  transduce({ params, revive }, sink) {
    const f = revive<Fn>(params);
    return (element) => sink([f(element), element]);
  },
});

defineRddOperator<unknown>({
  name: "rdd.mapValues",
  transduce({ params, revive }, sink) {
    const f = revive<Fn>(params);
    return (pair: Pair) => sink([pair[0], f(pair[1])]);
  },
});

/** Keys (0) or values (1) of pairs. */
defineRddOperator<0 | 1>({
  name: "rdd.item",
  transduce:
    ({ params: item }, sink) =>
    (pair: Pair) =>
      sink(pair[item]),
});

type Expand = (element: unknown) => Iterable<unknown>;

const pushItems = (items: Iterable<unknown>, sink: Sink): boolean => {
  if (Array.isArray(items)) {
    for (let i = 0; i < items.length; i++) if (!sink(items[i])) return false;
    return true;
  }
  for (const item of items) if (!sink(item)) return false;
  return true;
};

defineRddOperator<unknown>({
  name: "rdd.flatMap",
  *iterate({ params, revive, parent }) {
    const f = revive<Expand>(params);
    for (const element of parent().iterate()) yield* f(element);
  },
  push({ params, revive, parent }, sink) {
    const f = revive<Expand>(params);
    return parent().push((element) => pushItems(f(element), sink));
  },
});

defineRddOperator<unknown>({
  name: "rdd.flatMapValues",
  *iterate({ params, revive, parent }) {
    const f = revive<Expand>(params);
    for (const [key, value] of parent().iterate() as IterableIterator<Pair>)
      for (const item of f(value)) yield [key, item];
  },
  push({ params, revive, parent }, sink) {
    const f = revive<Expand>(params);
    return parent().push(([key, value]: Pair) => {
      for (const item of f(value)) if (!sink([key, item])) return false;
      return true;
    });
  },
});
