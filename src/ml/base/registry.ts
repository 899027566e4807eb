import { IllegalArgumentException } from "../../common/index.js";
import type { ParamDeclarations } from "./param.js";
import type { Params } from "./params.js";
import type { StagePersistence } from "./stage-persistence.js";

/** A data set and params on which the contract tests run a stage. */
export interface StageTestCase {
  readonly params?: Readonly<Record<string, unknown>>;
  /** Columns as DDL, e.g. `label double, features vector`. */
  readonly schema: string;
  readonly rows: readonly (readonly unknown[])[];
  /** Largest relative difference between runs over 1, 3 and 7 partitions; 0 when absent. */
  readonly tolerance?: number;
}

/** What a class says about itself, once; everything that finds classes by name reads it. */
export interface StageDefinition<T extends Params> {
  /** Scala's class name: key of saved metadata, Spark Connect commands and the default seed. */
  readonly javaClass: string;
  readonly params: ParamDeclarations;
  /** Prefix of generated uids; the class's simple name when absent. */
  readonly uidPrefix?: string;
  /** Other names under which the class may have been saved, e.g. the Python class. */
  readonly aliases?: readonly string[];
  /** How the class is saved beyond its params; absent for classes that are all params. */
  readonly persistence?: StagePersistence<T>;
  readonly testCases?: readonly StageTestCase[];
}

export interface StageDescriptor<T extends Params = Params> extends StageDefinition<T> {
  readonly simpleName: string;
  readonly uidPrefix: string;
  readonly stageClass: StageClass<T>;
}

/** A class of stages, of whatever constructor. */
export type StageClass<T extends Params = Params> = abstract new (...args: never[]) => T;

const byClass = new WeakMap<object, StageDescriptor>();
const byName = new Map<string, StageDescriptor>();

/** Registers a class: gives its prototype the params' accessors and lets savers, loaders and runners find it by name. */
export function defineStage<T extends Params>(
  stageClass: StageClass<T>,
  definition: StageDefinition<NoInfer<T>>,
): void {
  const simpleName = definition.javaClass.slice(definition.javaClass.lastIndexOf(".") + 1);
  const descriptor = { uidPrefix: simpleName, ...definition, simpleName, stageClass };
  const stored = descriptor as unknown as StageDescriptor;
  byClass.set(stageClass, stored);
  for (const name of [definition.javaClass, simpleName, ...(definition.aliases ?? [])]) byName.set(name, stored);
  for (const name of Object.keys(definition.params)) installAccessors(stageClass.prototype as object, name);
}

function installAccessors(prototype: object, name: string): void {
  const suffix = name[0].toUpperCase() + name.slice(1);
  const add = (key: string, property: PropertyDescriptor): void => {
    if (!(key in prototype)) Object.defineProperty(prototype, key, { configurable: true, ...property });
  };
  add(name, {
    get(this: Params) {
      return this.getParam(name);
    },
  });
  add(`get${suffix}`, {
    value(this: Params) {
      return this.getOrDefault(name);
    },
  });
  add(`set${suffix}`, {
    value(this: Params, value: unknown) {
      return this.set(name, value);
    },
  });
}

/** The descriptor of a class, or of the nearest class it extends. */
export function stageDescriptor(stageClass: object): StageDescriptor {
  for (let at: object | null = stageClass; at; at = Object.getPrototypeOf(at) as object | null) {
    const found = byClass.get(at);
    if (found) return found;
  }
  const { name } = stageClass as { name: string };
  throw new IllegalArgumentException(
    `${name} is not defined as a stage; call defineStage(${name}, { javaClass, params })`,
  );
}

/** The class of a Java, Python or simple class name, or undefined. */
export const findStage = (name: string): StageDescriptor | undefined => byName.get(name);

/** All classes that are defined, each once. */
export const allStages = (): readonly StageDescriptor[] => [...new Set(byName.values())];
