import { fromBlock, type Batch } from "../../../columnar/index.js";
import type { TaskContext } from "../../../exec/index.js";
import type { FileBlock } from "../../../memory/index.js";
import { defineRddOperator } from "../../../rdd/index.js";
import { columnReader } from "../../expressions/index.js";
import { openFragment, type ExecutionSettings, type Fragment } from "../../physical/index.js";
import { externalConverter, Row, typeFromJson, type StructType, type TypeJson } from "../../types/index.js";

export interface RowsParams {
  /** Columns of the DataFrame. */
  readonly schema: TypeJson;
  readonly settings: ExecutionSettings;
}

/** A partition of a DataFrame, in memory as far as the task gets any. */
type Held = readonly (Batch | FileBlock)[];

/** The rows of a DataFrame's partition, each made when it is asked for. */
defineRddOperator<RowsParams, Fragment>({
  name: "sql.rows",
  prepare: ({ params, split, task }) => hold(openFragment(split, params.settings, task), task),
  *iterate({ params, prepared }) {
    const { fields } = typeFromJson(params.schema) as StructType;
    const names = fields.map((field) => field.name);
    const converters = fields.map((field) => externalConverter(field.dataType));
    for (const held of prepared as Held) {
      const { numRows, columns } = "file" in held ? fromBlock(held) : held;
      const readers = columns.map(columnReader);
      for (let i = 0; i < numRows; i++) {
        yield new Row(
          names,
          readers.map((read, c) => converters[c](read(i))),
        );
      }
    }
  },
});

async function hold(batches: AsyncIterable<Batch>, task: TaskContext): Promise<Held> {
  const held: (Batch | FileBlock)[] = [];
  for await (const batch of batches) {
    task.checkCancelled();
    if (batch.numRows === 0) continue;
    held.push(task.memory.acquire(bytesOf(batch)) ? batch : task.blocks.spill(batch));
  }
  return held;
}

/** Bytes of a batch's arrays, about. */
function bytesOf({ columns }: Batch): number {
  let bytes = 0;
  const visit = (part: unknown): void => {
    if (ArrayBuffer.isView(part)) bytes += part.byteLength;
    else if (Array.isArray(part)) part.forEach(visit);
    else if (typeof part === "object" && part !== null) Object.values(part).forEach(visit);
  };
  visit(columns);
  return bytes;
}
