import { columnBuilder, type Batch } from "../../../columnar/index.js";
import { TaskCompute, type NodeSpec } from "../../../rdd/index.js";
import { defineOperator } from "../../physical/index.js";
import { internalConverter, layoutOf, typeFromJson, type StructType } from "../../types/index.js";
import type { RddScanFragment } from "./rdd-relation.js";

const ROWS = 4096;

/** Computes a partition of an RDD and lays its elements out as the columns of a DataFrame. */
defineOperator<RddScanFragment>({
  op: "rddScan",
  async *open({ node, schema, single, ordinals }, context): AsyncGenerator<Batch> {
    const compute = new TaskCompute(context);
    await compute.prepare(node as NodeSpec);
    const type = typeFromJson(schema) as StructType;
    const { fields } = type;
    const convert = internalConverter(type) as (row: unknown) => readonly unknown[];
    const elements = compute.source(node as NodeSpec).iterate();
    try {
      for (;;) {
        const builders = ordinals.map((ordinal) => columnBuilder(layoutOf(fields[ordinal].dataType), ROWS));
        let numRows = 0;
        let done = false;
        while (numRows < ROWS) {
          const next = elements.next();
          done = next.done === true;
          if (done) break;
          const row = convert(single ? [next.value] : shaped(next.value, type));
          for (let i = 0; i < builders.length; i++) builders[i].append(row[ordinals[i]]);
          numRows++;
        }
        if (numRows > 0) yield { numRows, columns: builders.map((builder) => builder.finish()) };
        if (done) break;
      }
      compute.report();
    } finally {
      elements.return?.();
    }
  },
});

/** Plain objects whose columns were renamed count by position. */
function shaped(element: unknown, type: StructType): unknown {
  if (typeof element !== "object" || element === null || Array.isArray(element)) return element;
  if (Object.getPrototypeOf(element) !== Object.prototype) return element;
  return type.fieldNames.every((name) => name in element) ? element : Object.values(element);
}
