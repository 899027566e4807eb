import { defineRddAction } from "../action.js";

defineRddAction<unknown, undefined>({
  name: "rdd.foreach",
  run(source, closure, { revive }) {
    const f = revive<(element: unknown) => unknown>(closure);
    source.push((element) => {
      f(element);
      return true;
    });
    return undefined;
  },
});

defineRddAction<unknown, undefined>({
  name: "rdd.foreachPartition",
  run(source, closure, { revive }) {
    revive<(elements: IterableIterator<unknown>) => unknown>(closure)(source.iterate());
    return undefined;
  },
});

/** What a function of the partition gives, as an array: `sc.runJob`. */
defineRddAction<unknown, unknown[]>({
  name: "rdd.runJob",
  run: (source, closure, { revive }) => [
    ...revive<(elements: IterableIterator<unknown>) => Iterable<unknown>>(closure)(source.iterate()),
  ],
});
