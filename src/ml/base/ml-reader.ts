import { join } from "node:path";
import { valueAt } from "../../columnar/index.js";
import { IllegalArgumentException, IOException } from "../../common/index.js";
import { externalConverter } from "../../sql/types/index.js";
import { readMetadata, readParquetDir } from "../persistence/index.js";
import { parseBigJson } from "./big-json.js";
import { decodeParam } from "./param-json.js";
import type { Params } from "./params.js";
import { findStage, type StageClass, stageDescriptor, type StageDescriptor } from "./registry.js";
import type { SavedStage, StagePersistence } from "./stage-persistence.js";

const NEWEST_MAJOR = 4;

/** Loads saved stages of one class. */
export class MLReader<T extends Params> {
  constructor(private readonly stageClass: StageClass<T>) {}

  async load(path: string): Promise<T> {
    const stage = await readStage(path, stageDescriptor(this.stageClass));
    return stage as T;
  }
}

/** Loads whatever stage is saved at a path, by the class its metadata names. */
export const loadStage = (path: string): Promise<Params> => readStage(path);

async function readStage(path: string, expected?: StageDescriptor): Promise<Params> {
  const metadata = parseMetadata(await readMetadata(path), path);
  const descriptor = descriptorFor(metadata, path, expected);
  const persistence = (descriptor.persistence ?? {}) as StagePersistence<Params>;
  const saved: SavedStage = {
    uid: metadata.uid,
    path,
    metadata,
    version: versionOf(metadata.sparkVersion, path),
    table: (name) => readParquetDir(join(path, name)),
    rows: (name) => readRows(join(path, name)),
    child: (directory) => readStage(join(path, directory)),
  };
  const stage = persistence.fromData
    ? await persistence.fromData(saved)
    : new (descriptor.stageClass as unknown as new (options: object, uid: string) => Params)({}, saved.uid);
  setSavedParams(stage, metadata, persistence.ownParams ?? []);
  return stage;
}

async function readRows(path: string): Promise<Readonly<Record<string, unknown>>[]> {
  const { schema, batches } = await readParquetDir(path);
  const fields = schema.fields.map(({ name, dataType }) => ({ name, convert: externalConverter(dataType) }));
  const rows: Record<string, unknown>[] = [];
  for await (const { columns, numRows } of batches) {
    for (let i = 0; i < numRows; i++) {
      rows.push(Object.fromEntries(fields.map(({ name, convert }, k) => [name, convert(valueAt(columns[k], i))])));
    }
  }
  return rows;
}

interface StageMetadata extends Readonly<Record<string, unknown>> {
  readonly class: string;
  readonly uid: string;
  readonly sparkVersion: string;
  readonly paramMap: Readonly<Record<string, unknown>>;
  readonly defaultParamMap?: Readonly<Record<string, unknown>>;
}

function parseMetadata(text: string, path: string): StageMetadata {
  let json: unknown;
  try {
    json = parseBigJson(text);
  } catch (cause) {
    throw new IOException(`${path} is not a saved stage: its metadata is not JSON`, { cause });
  }
  const metadata = json as Partial<StageMetadata> | null;
  for (const key of ["class", "uid", "sparkVersion", "paramMap"] as const) {
    if (metadata?.[key] === undefined) {
      throw new IOException(`${path} is not a saved stage: its metadata has no "${key}"; was it saved by Spark?`);
    }
  }
  return metadata as StageMetadata;
}

function descriptorFor(metadata: StageMetadata, path: string, expected?: StageDescriptor): StageDescriptor {
  const name = metadata.class;
  if (expected) {
    if (name !== expected.javaClass && !expected.aliases?.includes(name)) {
      throw new IllegalArgumentException(
        `requirement failed: Error loading metadata: Expected class name ${expected.javaClass} but found class name ${name}`,
        { parameters: { path } },
      );
    }
    return expected;
  }
  const found = findStage(name);
  if (!found) {
    throw new IllegalArgumentException(`${path} holds a ${name}, a class that kindling does not have`, {
      parameters: { path, class: name },
    });
  }
  return found;
}

function versionOf(text: string, path: string): readonly [number, number] {
  const match = /^(\d+)\.(\d+)/.exec(text);
  if (!match) throw new IOException(`${path}: "${text}" is not a Spark version`);
  const [major, minor] = [Number(match[1]), Number(match[2])];
  if (major > NEWEST_MAJOR) {
    throw new IOException(
      `${path} was saved by Spark ${text}, newer than the ${NEWEST_MAJOR}.x format kindling reads; save it with Spark ${NEWEST_MAJOR}`,
    );
  }
  return [major, minor];
}

function setSavedParams(stage: Params, metadata: StageMetadata, skipped: readonly string[]): void {
  const apply = (values: Readonly<Record<string, unknown>>, put: (name: string, value: unknown) => void): void => {
    for (const [name, json] of Object.entries(values)) {
      if (!skipped.includes(name)) put(name, decodeParam(stage.getParam(name).declaration.type, json));
    }
  };
  apply(metadata.paramMap, (name, value) => stage.set(name, value));
  // Models of Spark before 2.4 have no defaults in their metadata; the declared ones stand.
  apply(metadata.defaultParamMap ?? {}, (name, value) => stage.setDefault(name, value));
}
