import { defineOperator } from "./fragment.js";
import type { SelectFragment } from "./project-filter.js";

defineOperator<SelectFragment>({
  op: "select",
  async *open({ input, ordinals }, context) {
    for await (const { numRows, columns } of context.open(input)) {
      yield { numRows, columns: ordinals.map((i) => columns[i]) };
    }
  },
});
