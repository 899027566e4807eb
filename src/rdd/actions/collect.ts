import { defineRddAction } from "../action.js";

defineRddAction<undefined, unknown[]>({
  name: "rdd.collect",
  run(source) {
    const elements: unknown[] = [];
    source.push((element) => {
      elements.push(element);
      return true;
    });
    return elements;
  },
});

/** The first `params` elements; nothing after them is computed. */
defineRddAction<number, unknown[]>({
  name: "rdd.take",
  run(source, count) {
    const elements: unknown[] = [];
    if (count > 0) source.push((element) => elements.push(element) < count);
    return elements;
  },
});

defineRddAction<undefined, number>({
  name: "rdd.count",
  run(source) {
    const known = source.count?.();
    if (known !== undefined) return known;
    let count = 0;
    source.push(() => {
      count++;
      return true;
    });
    return count;
  },
});
