import { captureClosure, type Closure } from "../../exec/closure/index.js";
import { defineRddAction } from "../action.js";
import { deserializeValue, serializeValue } from "../codec/index.js";
import { KeyedMap } from "../keyed-map.js";
import { keyOf } from "../keys.js";
import type { RDD } from "../rdd.js";

type Pair = readonly [unknown, unknown];
type Reduce = (left: unknown, right: unknown) => unknown;

const entriesOf = (map: KeyedMap): Pair[] => map.keys.map((key, i) => [key, map.values[i]]);

function merge(map: KeyedMap, key: unknown, value: unknown, reduce: Reduce): void {
  const at = map.indexOf(key);
  if (at < 0) map.insert(key, value);
  else map.values[at] = reduce(map.values[at], value);
}

const asMap = <K, V>(map: KeyedMap): Map<K, V> => new Map(entriesOf(map) as [K, V][]);

defineRddAction<Closure, Pair[]>({
  name: "rdd.reduceByKeyLocally",
  run(source, fn, { revive }) {
    const reduce = revive<Reduce>(fn);
    const map = new KeyedMap();
    source.push(([key, value]: Pair) => {
      merge(map, key, value, reduce);
      return true;
    });
    return entriesOf(map);
  },
});

export async function reduceByKeyLocally<K, V>(rdd: RDD<[K, V]>, fn: (a: V, b: V) => V): Promise<Map<K, V>> {
  const parts = await rdd.runAction<Pair[]>("rdd.reduceByKeyLocally", captureClosure(fn));
  const map = new KeyedMap();
  for (const part of parts) for (const [key, value] of part) merge(map, key, value, fn as Reduce);
  return asMap(map);
}

const add: Reduce = (left, right) => (left as number) + (right as number);

defineRddAction<{ readonly keys: boolean }, Pair[]>({
  name: "rdd.countByValue",
  run(source, { keys }) {
    const map = new KeyedMap<number>();
    source.push((element: unknown) => {
      const value = keys ? (element as Pair)[0] : element;
      const at = map.indexOf(value);
      if (at < 0) map.insert(value, 1);
      else map.values[at]++;
      return true;
    });
    return entriesOf(map);
  },
});

/** How often each element, or each key, occurs. */
export async function countByValue<T>(
  // eslint-disable-next-line typescript/no-explicit-any -- counts elements of any RDD
  rdd: RDD<any>,
  { keys }: { readonly keys: boolean },
): Promise<Map<T, number>> {
  const map = new KeyedMap();
  const parts = await rdd.runAction<Pair[]>("rdd.countByValue", { keys });
  for (const part of parts) for (const [key, count] of part) merge(map, key, count, add);
  return asMap(map);
}

/** All pairs as a Map; of several values of a key the last one stays. */
export async function collectAsMap<K, V>(rdd: RDD<[K, V]>): Promise<Map<K, V>> {
  const map = new KeyedMap();
  for (const [key, value] of await rdd.collect()) merge(map, key, value, (_, last) => last);
  return asMap(map);
}

defineRddAction<Uint8Array, unknown[]>({
  name: "rdd.lookup",
  run(source, wanted) {
    const key = keyOf(deserializeValue(wanted));
    const found: unknown[] = [];
    source.push((pair: Pair) => {
      // SameValueZero, as a Map compares: NaN is found, -0 is 0.
      const own = keyOf(pair[0]);
      if (own === key || (own !== own && key !== key)) found.push(pair[1]);
      return true;
    });
    return found;
  },
});

/** All values of a key; of the one partition it can be in when the RDD has a partitioner. */
export async function lookup<K, V>(rdd: RDD<[K, V]>, key: K): Promise<V[]> {
  const { partitioner } = await rdd.resolved();
  const only = partitioner ? { partitions: [partitioner.getPartition(key)] } : {};
  return (await rdd.runAction<V[]>("rdd.lookup", serializeValue(key), only)).flat();
}
