import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DataSpec, Json } from "./case.js";
import { fromGolden } from "./values.js";
import type { DataFrameLike, Kindling } from "./api.js";

/** Builds a case's tables: files from the data folders or rows from the case, in contiguous partitions. */
export class DataBuilder {
  constructor(
    private readonly k: Kindling,
    private readonly folders: readonly string[],
  ) {}

  async build(spec: DataSpec, partitions: number): Promise<DataFrameLike> {
    if (spec.rows) return this.fromRows(spec, spec.rows.slice(0, spec.limit), partitions);
    const frame = this.fromFile(spec);
    const one = (spec.limit === undefined ? frame : frame.limit(spec.limit)).coalesce(1);
    if (partitions === 1) return one;
    const rows = (await one.collect()).map((row) => this.k.fieldsOf(row).map(([, value]) => value));
    return this.k.session.createDataFrame(rows, await one.schema(), partitions) as DataFrameLike;
  }

  private fromRows(spec: DataSpec, rows: readonly (readonly Json[])[], partitions: number): DataFrameLike {
    const schema = this.k.schemaOf(spec.schema as readonly (readonly [string, string])[]);
    const values = rows.map((row) => row.map((value) => fromGolden(this.k, value)));
    return this.k.session.createDataFrame(values, schema, partitions) as DataFrameLike;
  }

  private fromFile(spec: DataSpec): DataFrameLike {
    let reader = this.k.session.read.format(spec.format!);
    for (const [name, value] of Object.entries(spec.options ?? {})) reader = reader.option(name, value);
    if (spec.schema !== undefined) {
      reader = reader.schema(typeof spec.schema === "string" ? spec.schema : this.k.schemaOf(spec.schema));
    }
    return reader.load(this.find(spec.file!)) as DataFrameLike;
  }

  private find(file: string): string {
    const found = this.folders.map((folder) => join(folder, file)).find(existsSync);
    if (!found)
      throw new Error(`data file ${file} is in none of ${this.folders.join(", ")}; add its folder with --datasets`);
    return found;
  }
}
