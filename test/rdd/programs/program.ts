import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RDD, SparkContext, SparkSession } from "../../../src/index.js";

/** What a program runs on. */
export interface ProgramEnv {
  readonly spark: SparkSession;
  readonly sc: SparkContext;
}

/** What a program gives: its result, and how it lies in partitions where the record says so. */
export interface Outcome {
  readonly result: unknown;
  readonly partitions?: readonly (readonly unknown[])[];
}

/** One recorded program, written in TypeScript. */
export type Program = (env: ProgramEnv) => Promise<Outcome>;

/** Programs by the id of their record. */
export type ProgramTable = Readonly<Record<string, Program>>;

/** The elements of an RDD, and their partitions. */
export async function elements(rdd: RDD<never>): Promise<Outcome> {
  const partitions = await rdd.glom().collect();
  return { partitions, result: partitions.flat(1) };
}

/** A program that ends with an RDD. */
export const layout =
  (program: (env: ProgramEnv) => RDD<never> | RDD<unknown>): Program =>
  async (env) =>
    elements((await program(env)) as RDD<never>);

/** A program that ends with a value. */
export const value =
  (program: (env: ProgramEnv) => unknown): Program =>
  async (env) => ({ result: await program(env) });

const directories: string[] = [];
/** Removes all that {@link directory} made. */
export function removeDirectories(): void {
  for (const path of directories.splice(0)) rmSync(path, { recursive: true, force: true });
}

/** A fresh directory with these files. */
export function directory(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), "kindling-programs-"));
  directories.push(path);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

/** Integers from `start` up to, not including, `end`. */
export const range = (start: number, end: number): number[] => Array.from({ length: end - start }, (_, i) => start + i);

/** Entries of a Map in the order of their keys. */
export const sortedEntries = <K, V>(map: ReadonlyMap<K, V>): [K, V][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** Whether the call fails. */
export const fails = (call: () => unknown): Promise<boolean> =>
  Promise.resolve()
    .then(call)
    .then(
      () => false,
      () => true,
    );
