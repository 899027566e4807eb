import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { internalConverter, type StructType } from "../../sql/types/index.js";
import { atomicSave, writeMetadata, writeParquetRows } from "../persistence/index.js";
import { encodeParam } from "./param-json.js";
import type { AnyParam } from "./param-map.js";
import type { Params } from "./params.js";
import { stageDescriptor } from "./registry.js";
import type { StagePersistence } from "./stage-persistence.js";

/** Spark version whose format is written. */
export const FORMAT_VERSION = "4.3.0";

/** Saves a stage in Spark's directory format; nothing of an older save is lost when saving fails. */
export class MLWriter {
  private replace = false;
  private readonly options = new Map<string, string>();

  constructor(private readonly stage: Params) {}

  /** Allows replacing what is at the path. */
  overwrite(): this {
    this.replace = true;
    return this;
  }

  /** Sets an option of the class's writer, e.g. `persistSubModels` of tuning models. */
  option(key: string, value: string | number | boolean): this {
    this.options.set(key.toLowerCase(), String(value));
    return this;
  }

  async save(path: string): Promise<void> {
    await atomicSave(path, this.replace, (directory) => writeStage(this.stage, directory, this.options));
  }
}

/** Writes metadata, tables and parts of a stage into a directory that is being made. */
export async function writeStage(
  stage: Params,
  directory: string,
  options: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const descriptor = stageDescriptor(stage.constructor);
  const persistence = (descriptor.persistence ?? {}) as StagePersistence<Params>;
  await mkdir(directory, { recursive: true });
  await writeMetadata(directory, metadataJson(stage, options));
  const data = await persistence.toData?.(stage);
  const { tables = {} } = persistence;
  for (const [name, schema] of Object.entries(typeof tables === "function" ? tables(stage) : tables)) {
    if (!data?.[name]) throw new TypeError(`${descriptor.simpleName}: toData gave no rows for "${name}"`);
    const rows = data[name];
    const internal = Symbol.asyncIterator in rows ? rows : internalRows(schema, rows);
    await writeParquetRows(join(directory, name), schema, internal);
  }
  await persistence.writeParts?.(stage, {
    options,
    child: (name, child) => writeStage(child, join(directory, name)),
  });
}

function* internalRows(schema: StructType, rows: Iterable<readonly unknown[]>): Iterable<readonly unknown[]> {
  const convert = internalConverter(schema) as (row: readonly unknown[]) => readonly unknown[];
  for (const row of rows) yield convert(row);
}

const member = (key: string, json: string): string => `${JSON.stringify(key)}:${json}`;
const object = (members: readonly string[]): string => `{${members.join(",")}}`;

function metadataJson(stage: Params, options: ReadonlyMap<string, string>): string {
  const { javaClass, persistence } = stageDescriptor(stage.constructor);
  const hooks = (persistence ?? {}) as StagePersistence<Params>;
  const replaced = hooks.paramMap?.(stage) ?? {};
  const own = hooks.ownParams ?? [];
  const encode = (values: readonly (readonly [AnyParam, unknown])[], without: readonly string[] = own): string[] =>
    values
      .filter(([param]) => !without.includes(param.name))
      .map(([param, value]) => member(param.name, encodeParam(param.declaration.type, value)));
  const extra = (values: Readonly<Record<string, unknown>> | undefined): string[] =>
    Object.entries(values ?? {}).map(([key, value]) => member(key, encodeExtra(value)));
  return object([
    member("class", JSON.stringify(javaClass)),
    member("timestamp", String(Date.now())),
    member("sparkVersion", JSON.stringify(FORMAT_VERSION)),
    member("uid", JSON.stringify(stage.uid)),
    member(
      "paramMap",
      object([...encode(stage.setParamValues(), [...own, ...Object.keys(replaced)]), ...extra(replaced)]),
    ),
    member("defaultParamMap", object(encode(stage.defaultParamValues()))),
    ...extra(hooks.extraMetadata?.(stage, options)),
  ]);
}

/** JSON text in extra metadata that is written as it is. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** A double in extra metadata, where JSON must show a decimal point for Spark to read a double back. */
export class JsonDouble extends JsonText {
  constructor(value: number) {
    super(encodeParam("double", value));
  }
}

function encodeExtra(value: unknown): string {
  if (value instanceof JsonText) return value.text;
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(encodeExtra).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    return object(Object.entries(value).map(([key, item]) => member(key, encodeExtra(item))));
  }
  return JSON.stringify(value);
}
