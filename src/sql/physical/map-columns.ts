import { gather } from "../../columnar/index.js";
import { batchFunction } from "../../exec/index.js";
import { defineOperator, type Fragment } from "./fragment.js";

/** Runs a batch function; output column i is a column of the input (`ordinal`) or one the function made (`produced`). */
export interface MapColumnsFragment extends Fragment {
  readonly op: "mapColumns";
  readonly input: Fragment;
  readonly name: string;
  readonly payload: unknown;
  readonly inputs: readonly number[];
  readonly output: readonly ({ readonly ordinal: number } | { readonly produced: number })[];
}

defineOperator<MapColumnsFragment>({
  op: "mapColumns",
  async *open({ input, name, payload, inputs, output }, context) {
    const apply = batchFunction(name).open(payload);
    for await (const batch of context.open(input)) {
      context.checkCancelled();
      const { columns, selection } = apply(
        inputs.map((i) => batch.columns[i]),
        batch.numRows,
      );
      if (selection?.length === 0) continue;
      yield {
        numRows: selection?.length ?? batch.numRows,
        columns: output.map((from) => {
          if ("produced" in from) return columns[from.produced];
          const column = batch.columns[from.ordinal];
          return selection ? gather(column, selection) : column;
        }),
      };
    }
  },
});
