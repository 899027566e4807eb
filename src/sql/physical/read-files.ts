import { fileFormat, type InputSplit, type PushedFilter } from "../source/index.js";
import { structFromJson, type TypeJson } from "../types/index.js";
import { BATCH_ROWS } from "./blocks-scan.js";
import { defineOperator, type Fragment } from "./fragment.js";

/** One task's share of a file source. */
export interface ReadFragment extends Fragment {
  readonly op: "read";
  readonly format: string;
  readonly splits: readonly InputSplit[];
  /** Schemas as JSON. */
  readonly schema: TypeJson;
  readonly columns: TypeJson;
  readonly filters: readonly PushedFilter[];
  readonly options: Readonly<Record<string, string>>;
}

defineOperator<ReadFragment>({
  op: "read",
  async *open({ format: name, splits, schema, columns, filters, options }, context) {
    const format = fileFormat(name);
    if (!format) throw new Error(`no file format "${name}" is registered in this worker`);
    yield* format.read({
      splits,
      schema: structFromJson(schema),
      columns: structFromJson(columns),
      filters,
      options,
      batchRows: BATCH_ROWS,
      timeZone: context.settings.timeZone,
    });
  },
});
