import { isValid, type NumberColumn } from "../../columnar/index.js";
import { QuantileSummaries, type QuantileSketch } from "../../common/index.js";
import { definePartitionFunction } from "../../exec/index.js";

/** Sketches of a partition's columns of doubles; nulls and NaN do not count. */
export const sketchQuantiles = definePartitionFunction<{ readonly relativeError: number }, QuantileSketch[]>({
  name: "sql.quantiles",
  async run({ relativeError }, batches, context) {
    let sketches: QuantileSummaries[] = [];
    for await (const { columns, numRows } of batches) {
      context.checkCancelled();
      if (sketches.length === 0) sketches = columns.map(() => new QuantileSummaries(relativeError));
      columns.forEach((column, c) => {
        const { values } = column as NumberColumn;
        for (let i = 0; i < numRows; i++)
          if (isValid(column, i) && values[i] === values[i]) sketches[c].insert(values[i]);
      });
    }
    return sketches.map((sketch) => sketch.finish());
  },
});
