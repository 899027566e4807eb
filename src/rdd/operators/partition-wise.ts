import { defineRddOperator } from "../operator.js";

/** The iterator of whatever a user's function gave. */
function iteratorOf(result: unknown): Iterator<unknown> {
  const iterate = (result as Iterable<unknown> | null | undefined)?.[Symbol.iterator];
  if (typeof iterate === "function") return iterate.call(result) as Iterator<unknown>;
  throw new TypeError(
    `a function of a partition must return an iterable, such as an array or a generator; it returned ${String(result)}`,
  );
}

defineRddOperator<unknown>({
  name: "rdd.mapPartitions",
  iterate: ({ params, revive, parent }) =>
    iteratorOf(revive<(elements: IterableIterator<unknown>) => unknown>(params)(parent().iterate())),
});

defineRddOperator<unknown>({
  name: "rdd.mapPartitionsWithIndex",
  iterate: ({ params, revive, parent, partition }) =>
    iteratorOf(
      revive<(partition: number, elements: IterableIterator<unknown>) => unknown>(params)(
        partition,
        parent().iterate(),
      ),
    ),
});

defineRddOperator<undefined>({
  name: "rdd.glom",
  *iterate({ parent }) {
    const all: unknown[] = [];
    parent().push((element) => {
      all.push(element);
      return true;
    });
    yield all;
  },
});
