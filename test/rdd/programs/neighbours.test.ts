import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { HashPartitioner, type RDD, StatCounter } from "../../../src/index.js";
import { estimateMean, estimateSum } from "../../../src/rdd/approximate/evaluators.js";
import { listHashCode } from "../../../src/rdd/partitioners/java-hash.js";
import { testContext } from "../test-context.js";
import { directory, range, removeDirectories } from "./program.js";

interface Case {
  readonly operation: string;
  // eslint-disable-next-line typescript/no-explicit-any -- arguments of the operation
  readonly arguments: readonly any[];
  readonly answer?: unknown;
  readonly error?: string;
  readonly message?: string;
}
interface Recorded {
  readonly files: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}

const recorded = JSON.parse(
  readFileSync(new URL("../../golden/rdd/neighbours.json", import.meta.url), "utf8"),
) as Recorded;
const base = directory();
for (const [name, content] of Object.entries(recorded.files)) {
  mkdirSync(dirname(join(base, name)), { recursive: true });
  writeFileSync(join(base, name), Buffer.from(content, "base64"));
}
const sc = testContext();
afterAll(removeDirectories);

const glom = (rdd: RDD<never> | RDD<unknown>): Promise<unknown> => (rdd as RDD<never>).glom().collect();
const keyed = (): RDD<[string, number]> =>
  sc.parallelize<[string, number]>(
    range(0, 60).map((i) => [i % 3 === 0 ? "a" : "b", i]),
    3,
  );

/** Numbers of a linear congruential generator. */
function numbers(count: number, seed: number, modulus: number): number[] {
  let state = BigInt(seed);
  return range(0, count).map(() => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number(state % BigInt(modulus));
  });
}

async function saved(values: readonly unknown[]): Promise<[string, string]> {
  const path = join(directory(), "out");
  await sc.parallelize(values, 1).saveAsTextFile(path);
  return [
    readFileSync(join(path, "part-00000"), "utf8"),
    readFileSync(join(path, ".part-00000.crc")).toString("base64"),
  ];
}

// eslint-disable-next-line typescript/no-explicit-any -- arguments as they were recorded
const operations: Readonly<Record<string, (...given: any[]) => unknown>> = {
  sample: (n, slices, replace, fraction, seed) =>
    glom(sc.parallelize(range(0, n), slices).sample(replace, fraction, seed)),
  takeSample: (n, slices, replace, count, seed) => sc.parallelize(range(0, n), slices).takeSample(replace, count, seed),
  randomSplit: (n, slices, weights, seed) =>
    Promise.all(
      sc
        .parallelize(range(0, n), slices)
        .randomSplit(weights, seed)
        .map((part) => part.collect()),
    ),
  sampleByKey: (replace, fractions, seed, exact) =>
    glom(exact ? keyed().sampleByKeyExact(replace, fractions, seed) : keyed().sampleByKey(replace, fractions, seed)),
  repartition: (n, slices, to) => glom(sc.parallelize(range(0, n), slices).repartition(to)),
  coalesce: (n, slices, to) => glom(sc.parallelize(range(0, n), slices).coalesce(to)),
  sortByKey: (n, slices, ascending, partitions, seed, modulus) =>
    glom(
      sc
        .parallelize<[number, number]>(
          numbers(n, seed, modulus).map((key, i) => [key, i]),
          slices,
        )
        .sortByKey(ascending, partitions),
    ),
  hashPartition: (partitions, keys: readonly unknown[]) =>
    keys.map((key) => new HashPartitioner(partitions).getPartition(key)),
  listHash: (values) => listHashCode(values),
  countApproxDistinct: (n, error) => sc.parallelize(range(0, n), 3).countApproxDistinct(error),
  estimate: (kind, totalPartitions, confidence, partitions: readonly (readonly number[])[]) => {
    const seen = new StatCounter();
    for (const values of partitions) seen.mergeStats(new StatCounter(values));
    const estimate = kind === "SumEvaluator" ? estimateSum : estimateMean;
    const bounds = estimate({ seen, partitions: partitions.length, totalPartitions }, confidence);
    return [bounds.mean, bounds.confidence, bounds.low, bounds.high];
  },
  textFile: (name, splits) => glom(sc.textFile(join(base, name), splits)),
  lines: async (...paths) => (await sc.textFile(paths.map((path) => join(base, path)).join(",")).collect()).sort(),
  saveText: saved,
};

/** Recorded infinities are text. */
const unbounded = (x: unknown): unknown => (x === "inf" ? Infinity : x === "-inf" ? -Infinity : x);

describe("neighbours of the recorded programs", () => {
  it.each(
    recorded.cases.map((one) => [`${one.operation}(${JSON.stringify(one.arguments).slice(1, -1)})`, one] as const),
  )("%s", async (_, { operation, arguments: given, answer, error, message }) => {
    const run = Promise.resolve().then(() => operations[operation](...given));
    if (error !== undefined) {
      const thrown = await run.then(
        () => undefined,
        (e: Error) => e,
      );
      expect([thrown?.name, thrown?.message.replaceAll(base, "BASE")]).toEqual([error, message]);
    } else if (operation === "estimate") {
      const found = (await run) as number[];
      (answer as unknown[]).map(unbounded).forEach((wanted, i) => {
        if (Number.isFinite(wanted)) expect(found[i]).toBeCloseTo(wanted as number, 8);
        else expect(found[i]).toBe(wanted);
      });
    } else expect(await run).toEqual(answer);
  });
});
