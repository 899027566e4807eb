import { defineRddOperator } from "../operator.js";
import type { RDD } from "../rdd.js";
import type { Partitioning } from "./choose-partitioner.js";
import { cogroup, subtractByKey } from "./cogroup.js";
import { combineByKey, firstSpec } from "./combine-by-key.js";

/** Elements as keys of pairs without a value. */
const asKeys = <T>(rdd: RDD<T>): RDD<[T, null]> => rdd.narrow<[T, null]>("rdd.asKeys", undefined);

defineRddOperator({
  name: "rdd.asKeys",
  transduce: (_, sink) => (element) => sink([element, null]),
});

export const distinct = <T>(rdd: RDD<T>, partitioning: Partitioning): RDD<T> =>
  combineByKey<T, null, null>(asKeys(rdd), firstSpec, { partitioning, sameNumber: true }).keys();

export const subtract = <T>(rdd: RDD<T>, other: RDD<T>, partitioning: Partitioning): RDD<T> =>
  subtractByKey(asKeys(rdd), asKeys(other), partitioning).keys();

export const intersection = <T>(rdd: RDD<T>, other: RDD<T>, partitioning: Partitioning): RDD<T> =>
  cogroup<T>([asKeys(rdd), asKeys(other)], partitioning).narrow<T>("rdd.keysOfBoth", undefined);

defineRddOperator({
  name: "rdd.keysOfBoth",
  transduce:
    (_, sink) =>
    ([key, [left, right]]: [unknown, [unknown[], unknown[]]]) =>
      left.length > 0 && right.length > 0 ? sink(key) : true,
});
