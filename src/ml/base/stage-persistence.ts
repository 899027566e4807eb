import type { Batch } from "../../columnar/index.js";
import type { StructType } from "../../sql/types/index.js";
import type { ModelData } from "../persistence/index.js";
import type { Params } from "./params.js";

type MaybePromise<T> = T | Promise<T>;

/** What was read back of a saved stage. */
export interface SavedStage {
  readonly uid: string;
  readonly path: string;
  /** The metadata's JSON; numbers beyond 2^53 appear as bigint. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** Spark version that wrote it, e.g. `[4, 3]`. */
  readonly version: readonly [major: number, minor: number];
  /** Rows of one of the tables, by column name, values as users see them (vectors, matrices, numbers, nested `Row`s). */
  rows(table: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** One of the tables as batches, for those that grow with the data. */
  table(name: string): Promise<ModelData>;
  /** Loads the stage saved in a sub-directory. */
  child(directory: string): Promise<Params>;
}

/** Where a stage that is being saved puts its parts. */
export interface StageWriter {
  /** Saves another stage into a sub-directory. */
  child(directory: string, stage: Params): Promise<void>;
  /** Options given to `MLWriter.option`, keys lower-cased. */
  readonly options: ReadonlyMap<string, string>;
}

/** How a class is saved beyond its params: the tables beside `metadata`, exactly as Spark writes them. */
export interface StagePersistence<T extends Params> {
  /** Directory name (`data`) → schema, with Spark's nullability; a function where the schema depends on the stage. */
  readonly tables?: Readonly<Record<string, StructType>> | ((stage: T) => Readonly<Record<string, StructType>>);
  /** Rows of each table, values in schema order as users see them; or batches, for tables that grow with the data. */
  toData?(stage: T): MaybePromise<Readonly<Record<string, Iterable<readonly unknown[]> | AsyncIterable<Batch>>>>;
  /** Keys that follow `defaultParamMap` in the metadata. */
  extraMetadata?(stage: T, options: ReadonlyMap<string, string>): Readonly<Record<string, unknown>>;
  /** Params that are not saved as values (stages, grids) and what stands for them in `paramMap`. */
  paramMap?(stage: T): Readonly<Record<string, unknown>>;
  /** Saves stages that this one consists of. */
  writeParts?(stage: T, writer: StageWriter): Promise<void>;
  /** Builds the instance; its params are set afterwards from the metadata. Absent: `new Class({}, uid)`. */
  fromData?(saved: SavedStage): MaybePromise<T>;
  /** Names of params in `paramMap` that `fromData` handles itself. */
  readonly ownParams?: readonly string[];
}
