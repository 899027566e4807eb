import { fails, type ProgramTable, range, sortedEntries, value } from "./program.js";

const names = (n: number): string[] => range(0, n).map((i) => `k${i}`);

/** Actions. */
export const actionPrograms: ProgramTable = {
  "action-112": value(async ({ sc }) => {
    const rdd = sc.parallelize(range(1, 11), 3);
    return [
      await rdd.reduce((a, b) => a + b),
      await rdd.reduce((a, b) => Math.max(a, b)),
      await rdd.reduce((a, b) => a * b),
    ];
  }),
  "action-113": value(({ sc }) => sc.parallelize<number>([], 2).reduce((a, b) => a + b)),
  "action-114": value(({ sc }) => sc.parallelize(range(1, 11), 3).fold(0, (a, b) => a + b)),
  "action-115": value(({ sc }) => sc.parallelize(range(1, 11), 3).fold(1, (a, b) => a + b)),
  "action-116": value(({ sc }) => sc.parallelize<number>([], 4).fold(5, (a, b) => a + b)),
  "action-117": value(async ({ sc }) => {
    const rdd = sc.parallelize(range(1, 11), 3);
    const add = (a: number, b: number): number => a + b;
    return [
      await rdd.aggregate(0, add, add),
      await rdd.aggregate(10, add, add),
      await rdd.aggregate<[number, number]>(
        [0, 0],
        ([sum, count], element) => [sum + element, count + 1],
        (a, b) => [a[0] + b[0], a[1] + b[1]],
      ),
    ];
  }),
  "action-118": value(async ({ sc }) => {
    const concat = (a: string, b: string): string => a + b;
    return [...(await sc.parallelize(["a", "b", "c"], 3).aggregate("z", concat, concat))].sort().join("");
  }),
  "action-120": value(async ({ sc }) => {
    const rdd = sc.parallelize(range(1, 11), 3);
    const add = (a: number, b: number): number => a + b;
    return [
      await rdd.treeAggregate(1, add, add, 1),
      await rdd.treeAggregate(1, add, add, 2),
      await fails(() => rdd.treeAggregate(1, add, add, 0)),
    ];
  }),
  "action-121": value(async ({ sc }) => {
    const rdd = sc.parallelize(range(1, 11), 3);
    return [
      await rdd.count(),
      await rdd.first(),
      await rdd.take(3),
      await rdd.take(0),
      await rdd.take(-1),
      await rdd.take(100),
      await rdd.isEmpty(),
      await rdd.max(),
      await rdd.min(),
      await rdd.sum(),
      await rdd.mean(),
    ];
  }),
  "action-122": value(({ sc }) => sc.parallelize([], 2).first()),
  "action-123": value(({ sc }) => sc.parallelize([], 2).max()),
  "action-124": value(async ({ sc }) => {
    const rdd = sc.parallelize<number>([], 2);
    return [
      await rdd.count(),
      await rdd.collect(),
      await rdd.isEmpty(),
      await rdd.take(1),
      await rdd.sum(),
      await rdd.mean(),
    ];
  }),
  "action-125": value(async ({ sc }) => {
    const rdd = sc.parallelize([5, 3, 9, 1, 9, 7], 3);
    return [
      await rdd.top(3),
      await rdd.top(2, (x) => -x),
      await rdd.takeOrdered(3),
      await rdd.takeOrdered(3, (x) => -x),
      await rdd.top(0),
      await rdd.top(100),
    ];
  }),
  "action-126": value(async ({ sc }) => sortedEntries(await sc.parallelize(["a", "b", "a"], 2).countByValue())),
  "action-128": value(async ({ sc }) => {
    const stats = await sc.parallelize<number>([], 1).stats();
    return {
      count: stats.count(),
      mean: stats.mean(),
      sum: stats.sum(),
      min: stats.min(),
      max: stats.max(),
      stdev: stats.stdev(),
      sampleStdev: stats.sampleStdev(),
      variance: stats.variance(),
      sampleVariance: stats.sampleVariance(),
    };
  }),
  "action-129": value(async ({ sc }) => {
    const rdd = sc.parallelize([1, 2, 4, 7.5], 2);
    return [
      await rdd.mean(),
      await rdd.variance(),
      await rdd.sampleVariance(),
      await rdd.stdev(),
      await rdd.sampleStdev(),
      await rdd.sum(),
    ];
  }),
  "action-131": value(async ({ sc }) => {
    const rdd = sc.parallelize(range(0, 51), 3);
    return [await rdd.histogram(2), await rdd.histogram(5)];
  }),
  "action-132": value(async ({ sc }) => {
    const rdd = sc.parallelize(range(0, 51), 3);
    return [(await rdd.histogram([0, 5, 25, 50]))[1], (await rdd.histogram([0, 15, 30, 45, 60], true))[1]];
  }),
  "action-133": value(({ sc }) => sc.parallelize([3, 3, 3], 1).histogram(4)),
  "action-134": value(async ({ sc }) => (await sc.parallelize([1, 2, Number.NaN], 1).histogram([0, 1, 2]))[1]),
  "action-135": value(({ sc }) => sc.parallelize([1, 2], 1).histogram([1])),
  "action-136": value(({ sc }) => sc.parallelize<number>([], 1).histogram(2)),
  ...Object.fromEntries(
    (
      [
        ["action-137", 0.05],
        ["action-138", 0.01],
        ["action-139", 0.2],
      ] as const
    ).map(([id, relativeSD]) => [
      id,
      value(async ({ sc }) => [
        await sc.parallelize(range(0, 1000), 4).countApproxDistinct(relativeSD),
        await sc.parallelize(names(1000), 4).countApproxDistinct(relativeSD),
      ]),
    ]),
  ),
  "action-141": value(({ sc }) => sc.parallelize([1], 1).countApproxDistinct(0.00001)),
  "action-142": value(async ({ sc }) => {
    const sum = sc.longAccumulator();
    await sc.parallelize(range(1, 11), 3).foreach((x) => sum.add(x));
    const partitions = sc.longAccumulator();
    await sc.parallelize(range(1, 11), 3).foreachPartition(() => partitions.add(1));
    return [sum.value, partitions.value];
  }),
  "action-143": value(async ({ sc }) => {
    const rdd = sc.parallelize<[string, number]>(
      [
        ["a", 2],
        ["b", 1],
      ],
      1,
    );
    return [await rdd.max(), await rdd.min()];
  }),
  "action-144": value(async ({ sc }) => {
    const rdd = sc.parallelize(range(1, 101), 4);
    return [await rdd.mean(), (await rdd.sumApprox(30_000)).mean, await rdd.countApprox(30_000)];
  }),
};
