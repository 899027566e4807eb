import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { directory, layout, type ProgramEnv, type ProgramTable, value } from "./program.js";
import type { RDD } from "../../../src/index.js";

const NUMBERS = "one\ntwo\nthree\nfour\nfive\n";

const lines = ({ sc }: ProgramEnv, text: string, minPartitions?: number): RDD<string> =>
  sc.textFile(join(directory({ "lines.txt": text }), "lines.txt"), minPartitions);

/** Two text files in a directory. */
const two = (): string => directory({ "x.txt": "x1\nx2\n", "y.txt": "y1\n" });

/** Names and texts of a directory's files; checksums are compared elsewhere. */
const contents = (path: string): [string, string][] =>
  readdirSync(path)
    .sort()
    .map((name) => [name, name.endsWith(".crc") ? "" : readFileSync(join(path, name), "utf8")]);

const fresh = (): string => join(directory(), "out");

/** Files. */
export const filePrograms: ProgramTable = {
  "file-193": layout((env) => lines(env, NUMBERS, 1)),
  "file-194": layout((env) => lines(env, NUMBERS, 2)),
  "file-195": layout((env) => lines(env, NUMBERS, 3)),
  "file-196": layout((env) => lines(env, NUMBERS, 5)),
  "file-197": layout((env) => lines(env, "a\r\nb\rc\n\nd", 1)),
  "file-198": value(async (env) => {
    const rdd = lines(env, "");
    return [await rdd.getNumPartitions(), await rdd.count()];
  }),
  "file-199": value(async ({ sc }) => {
    const rdd = sc.textFile(`${two()}/*.txt`, 1);
    return [await rdd.getNumPartitions(), (await rdd.collect()).sort()];
  }),
  "file-200": value(async ({ sc }) => {
    const files = await sc.wholeTextFiles(two()).collect();
    return files.map(([path, text]) => [basename(path), text]).sort(([a], [b]) => (a < b ? -1 : 1));
  }),
  "file-201": value(({ sc }) => sc.textFile(join(directory(), "missing")).count()),
  "file-202": value(async ({ sc }) => {
    const path = fresh();
    await sc.parallelize(["a", "b", "c"], 2).saveAsTextFile(path);
    return contents(path);
  }),
  "file-203": value(async ({ sc }) => {
    const path = fresh();
    await sc.parallelize([["k", 1]], 1).saveAsTextFile(path);
    return contents(path);
  }),
  "file-204": value(({ sc }) => sc.parallelize(["a"], 1).saveAsTextFile(directory())),
  "file-205": value(async ({ sc }) => {
    const path = fresh();
    await sc.parallelize(["a", "b"], 1).saveAsTextFile(path, "org.apache.hadoop.io.compress.GzipCodec");
    return contents(path).map(([name]) => name);
  }),
  "file-206": value(async ({ sc }) => {
    const path = fresh();
    await sc.parallelize([1, 2, 3], 2).saveAsObjectFile(path);
    return (await sc.objectFile<number>(path).collect()).sort();
  }),
};
