import type { RDD } from "../../../src/index.js";
import { layout, type ProgramEnv, type ProgramTable, range, sortedEntries, value } from "./program.js";

const twenty = ({ sc }: ProgramEnv, numSlices: number): RDD<number> => sc.parallelize(range(0, 20), numSlices);
const kv = ({ sc }: ProgramEnv): RDD<[string, number]> =>
  sc.parallelize<[string, number]>(
    range(0, 30).map((i) => [i % 3 === 0 ? "a" : "b", i]),
    2,
  );

/** Random samples. */
export const samplePrograms: ProgramTable = {
  "sample-145": layout((env) => twenty(env, 1).sample(false, 0.5, 42)),
  "sample-148": layout((env) => twenty(env, 2).sample(false, 0.3, -1)),
  "sample-150": layout((env) => twenty(env, 2).sample(false, 0, 1)),
  "sample-153": layout(({ sc }) => sc.parallelize(range(0, 12), 3).sample(true, 2, 11)),
  "sample-154": layout(({ sc }) => sc.parallelize(range(0, 3), 1).sample(false, -0.1, 1)),
  "sample-156": value((env) => twenty(env, 3).takeSample(false, 5, 1)),
  "sample-157": value((env) => twenty(env, 3).takeSample(false, 5, 2)),
  "sample-159": value((env) => twenty(env, 3).takeSample(false, 0, 1)),
  "sample-160": value((env) => twenty(env, 3).takeSample(true, 7, 9)),
  "sample-161": value(({ sc }) => sc.parallelize(range(0, 3), 1).takeSample(false, -1)),
  "sample-162": value((env) =>
    Promise.all(
      twenty(env, 2)
        .randomSplit([0.7, 0.3], 1)
        .map((part) => part.collect()),
    ),
  ),
  "sample-163": value((env) =>
    Promise.all(
      twenty(env, 2)
        .randomSplit([1, 2, 1], 17)
        .map((part) => part.collect()),
    ),
  ),
  "sample-165": layout((env) => kv(env).sampleByKey(true, { a: 1.5, b: 0.5 }, 5)),
  "sample-166": layout((env) => kv(env).sampleByKey(false, { a: 0.5 }, 5)),
  "sample-167": value(async (env) =>
    sortedEntries(await kv(env).sampleByKeyExact(false, { a: 0.5, b: 0.25 }, 5).countByKey()),
  ),
};
