import { HashPartitioner, RangePartitioner, type RDD } from "../../../src/index.js";
import { layout, type ProgramEnv, type ProgramTable, range, sortedEntries, value } from "./program.js";

const INTS = [-7, -3, -1, 0, 1, 2, 5, 10, 123456789, 2147483647, -2147483648];
const STRINGS = ["", "a", "b", "ab", "hello", "Spark", "한글", "😀", "polygenelubricants"];

const places = (numPartitions: number, keys: readonly unknown[]): [unknown, number][] => {
  const partitioner = new HashPartitioner(numPartitions);
  return keys.map((key) => [key, partitioner.getPartition(key)]);
};

type Pairs<K, V> = RDD<[K, V]>;

const kv = ({ sc }: ProgramEnv): Pairs<string, number> =>
  sc.parallelize<[string, number]>(
    [
      ["a", 1],
      ["b", 2],
      ["a", 3],
      ["c", 4],
      ["b", 5],
      ["a", 6],
    ],
    3,
  );
const x = ({ sc }: ProgramEnv, numSlices = 2): Pairs<string, number> =>
  sc.parallelize<[string, number]>(
    [
      ["a", 1],
      ["b", 2],
      ["b", 3],
      ["d", 9],
    ],
    numSlices,
  );
const y = ({ sc }: ProgramEnv): Pairs<string, string> =>
  sc.parallelize<[string, string]>(
    [
      ["a", "x"],
      ["b", "y"],
      ["b", "w"],
      ["c", "z"],
    ],
    2,
  );
const unsorted = ({ sc }: ProgramEnv, keys: readonly number[]): Pairs<number, string> =>
  sc.parallelize<[number, string]>(
    keys.map((key) => [key, " abcde"[key]]),
    2,
  );

/** Keys, partitioners and what is done by key. */
export const pairPrograms: ProgramTable = {
  "pair-060": value(() => places(2, INTS)),
  "pair-061": value(() => places(3, INTS)),
  "pair-063": value(() => places(2, STRINGS)),
  "pair-064": value(() => places(3, STRINGS)),
  "pair-065": value(() => places(8, STRINGS)),
  "pair-066": value(() => {
    const partitioner = new HashPartitioner(4);
    // A long that an int can hold is an int here: `0` and `-1n`; a bigint is always a long.
    const keys: [string, unknown, unknown][] = [
      ["Long", 0, 0n],
      ["Long", -1, -1n],
      ["Long", 4294967296, 4294967296],
      ["Long", 5000000000, 5000000000],
      ["Double", 0, 0],
      ["Double", -0, -0],
      ["Double", 1.5, 1.5],
      ["Double", "NaN", Number.NaN],
      ["Boolean", true, true],
      ["Boolean", false, false],
      ["null", null, null],
      ["Tuple2", [1, 2], [1, 2]],
      ["Tuple2", ["a", 1], ["a", 1]],
      ["", [1, 2], [1, 2]],
      ["Character", "c", "c"],
    ];
    return keys.map(([type, shown, key]) => [type, shown, partitioner.getPartition(key)]);
  }),
  "pair-068": value(() => [
    new HashPartitioner(3).equals(new HashPartitioner(3)),
    new HashPartitioner(3).equals(new HashPartitioner(4)),
  ]),
  "pair-072": layout(({ sc }) =>
    sc
      .parallelize<[string | null, number]>(
        [
          [null, 1],
          ["a", 2],
        ],
        1,
      )
      .partitionBy(new HashPartitioner(2)),
  ),
  "pair-074": layout((env) => kv(env).reduceByKey((a, b) => a + b, 2)),
  "pair-076": layout((env) => kv(env).foldByKey(0, (a, b) => a + b)),
  "pair-079": layout((env) =>
    kv(env).aggregateByKey<string, number, [number, number]>(
      [0, 0],
      ([sum, count], v) => [sum + v, count + 1],
      (a, b) => [a[0] + b[0], a[1] + b[1]],
    ),
  ),
  "pair-082": value(async (env) => sortedEntries(await kv(env).reduceByKeyLocally((a, b) => a + b))),
  "pair-084": layout((env) => kv(env).mapValues((v) => v * 10)),
  "pair-086": value(async (env) => [await kv(env).keys().collect(), await kv(env).values().collect()]),
  "pair-088": value((env) => kv(env).partitionBy(new HashPartitioner(2)).lookup("b")),
  "pair-091": layout((env) => unsorted(env, [3, 1, 2, 5, 4]).sortByKey(true, 3)),
  "pair-092": value(async ({ sc }) => {
    const pairs = sc.parallelize<[number, number]>(
      range(0, 20).map((i) => [i, 0]),
      4,
    );
    const partitioner = await RangePartitioner.of(pairs, 4);
    return range(0, 20).map((i) => partitioner.getPartition(i));
  }),
  "pair-093": value(async ({ sc }) => {
    const pairs = sc.parallelize<[string, number]>(
      ["b", "d", "f", "h", "j", "l"].map((key) => [key, 0]),
      2,
    );
    const partitioner = await RangePartitioner.of(pairs, 3);
    return [..."abcdefghijklm"].map((key) => [key, partitioner.getPartition(key)]);
  }),
  "pair-094": value(async ({ sc }) => {
    const pairs = sc.parallelize<[number, number]>(
      [
        [1, 0],
        [1, 0],
        [2, 0],
        [2, 0],
      ],
      2,
    );
    return (await RangePartitioner.of(pairs, 5)).numPartitions;
  }),
  "pair-095": value(async ({ sc }) => {
    const pairs = sc.parallelize<[number, number]>([], 2);
    return (await RangePartitioner.of(pairs, 3)).numPartitions;
  }),
  "pair-096": layout((env) => unsorted(env, [3, 1, 2, 4]).repartitionAndSortWithinPartitions(new HashPartitioner(2))),
  "pair-098": layout((env) => x(env).leftOuterJoin(y(env))),
  "pair-100": layout((env) => x(env).fullOuterJoin(y(env))),
  "pair-101": layout((env) =>
    x(env)
      .cogroup(y(env))
      .mapValues(([a, b]) => [a.sort(), b.sort()]),
  ),
  "pair-102": layout((env) =>
    x(env)
      .groupWith(y(env), x(env))
      .mapValues((groups) => groups.map((values) => values.sort())),
  ),
  "pair-103": layout((env) => x(env).subtractByKey(y(env))),
  "pair-104": value(async (env) => [
    await x(env).join(y(env), 3).getNumPartitions(),
    await x(env, 4).join(y(env)).getNumPartitions(),
  ]),
  "pair-105": value((env) => x(env).partitionBy(new HashPartitioner(5)).join(y(env)).getNumPartitions()),
  "pair-107": layout(({ sc }) =>
    sc
      .parallelize<[number, string]>(
        [
          [1, "a"],
          [1, "b"],
          [2, "c"],
        ],
        2,
      )
      .groupByKey()
      .mapValues((values) => values.length),
  ),
};
