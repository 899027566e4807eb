import type { RDD } from "../../../src/index.js";
import { layout, type ProgramTable, range, value } from "./program.js";

/** Transformations of elements. */
export const rddPrograms: ProgramTable = {
  "rdd-036": layout(({ sc }) => sc.parallelize(range(1, 7), 3).map((x) => x * x)),
  "rdd-038": layout(({ sc }) => sc.parallelize(range(1, 4), 2).flatMap((x) => Array.from({ length: x }, (_, i) => i))),
  "rdd-039": layout(({ sc }) =>
    sc.parallelize(range(1, 7), 3).mapPartitions((it) => [[...it].reduce((a, b) => a + b, 0)]),
  ),
  "rdd-040": layout(({ sc }) => sc.parallelize(range(1, 7), 3).mapPartitions(() => [])),
  "rdd-041": layout(({ sc }) => sc.parallelize([1, 2, 2, 3, 3, 3], 2).distinct()),
  "rdd-043": layout(({ sc }) => sc.parallelize(["b", "a", "b"], 1).distinct()),
  "rdd-045": layout(({ sc }) => sc.parallelize([1, 1, 2, 3], 2).subtract(sc.parallelize([2], 1))),
  "rdd-046": layout(({ sc }) => sc.parallelize(range(1, 7), 3).groupBy((x) => x % 2)),
  "rdd-047": layout(({ sc }) => sc.parallelize(range(1, 5), 2).keyBy((x) => x * 10)),
  "rdd-048": layout(({ sc }) => sc.parallelize([1, "x", 2.5], 1).filter((x) => Number.isInteger(x))),
  "rdd-049": layout(({ sc }) => sc.parallelize(range(1, 7), 3).pipe("cat")),
  "rdd-050": layout(({ sc }) =>
    sc
      .parallelize(["a", "b", "c"], 2)
      .pipe("wc -l")
      .map((line) => line.trim()),
  ),
  "rdd-051": layout(({ sc }) => sc.parallelize(["a", "b"], 1).pipe(["sh", "-c", "tr a-z A-Z"])),
  "rdd-052": layout(({ sc }) => sc.parallelize(["x"], 1).pipe("printenv GREETING", { GREETING: "hi" })),
  "rdd-053": layout(({ sc }) => sc.parallelize(["x"], 1).pipe("false")),
  "rdd-054": layout(({ sc }) =>
    sc.parallelize([1, 2, 3], 2).map((x) => {
      if (x !== 3) return x;
      throw Object.assign(new Error("boom"), { name: "IllegalStateException" });
    }),
  ),
  "rdd-056": value(async ({ sc }) => {
    const a = sc.parallelize(range(1, 7), 3);
    const names = async (rdd: RDD<never>): Promise<string[]> => (await rdd.dependencies()).map(({ name }) => name);
    const narrow = async (rdd: RDD<never>): Promise<boolean[]> =>
      (await rdd.dependencies()).map(({ kind }) => kind === "narrow");
    return {
      map: await names(a.map((x) => x) as unknown as RDD<never>),
      groupBy: await names(a.groupBy((x) => x) as unknown as RDD<never>),
      coalesce: await narrow(a.coalesce(1) as unknown as RDD<never>),
      union: await names(a.union(a) as unknown as RDD<never>),
      cartesian: await narrow(a.cartesian(a) as unknown as RDD<never>),
    };
  }),
  "rdd-057": value(async ({ sc }) => {
    const rdd = sc
      .parallelize<[number, number]>([[1, 2]], 2)
      .map(([k, v]): [number, number] => [k, v])
      .reduceByKey((a, b) => a + b)
      .filter(() => true);
    return (await rdd.toDebugString()).split("\n").map((line) => line.replace(/\[\d+\].*$/, "").trim());
  }),
  "rdd-058": layout(({ sc }) => sc.parallelize([[1, 2], [3]], 2).flatMap((x) => x)),
  "rdd-059": value(async ({ sc }) => {
    const all: number[] = [];
    for await (const x of sc.parallelize(range(1, 7), 3).toLocalIterator()) all.push(x);
    return all;
  }),
};
