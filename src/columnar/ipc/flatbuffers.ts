import { createRequire } from "node:module";
import type * as BinaryTable from "apache-arrow/fb/binary";
import type * as BodyCompressionTable from "apache-arrow/fb/body-compression";
import type * as BoolTable from "apache-arrow/fb/bool";
import type * as BufferTable from "apache-arrow/fb/buffer";
import type * as DecimalTable from "apache-arrow/fb/decimal";
import type * as FieldTable from "apache-arrow/fb/field";
import type * as FieldNodeTable from "apache-arrow/fb/field-node";
import type * as FixedSizeListTable from "apache-arrow/fb/fixed-size-list";
import type * as FloatingPointTable from "apache-arrow/fb/floating-point";
import type * as IntTable from "apache-arrow/fb/int";
import type * as KeyValueTable from "apache-arrow/fb/key-value";
import type * as ListTable from "apache-arrow/fb/list";
import type * as MessageTable from "apache-arrow/fb/message";
import type * as NullTable from "apache-arrow/fb/null";
import type * as RecordBatchTable from "apache-arrow/fb/record-batch";
import type * as SchemaTable from "apache-arrow/fb/schema";
import type * as StructTable from "apache-arrow/fb/struct-";
import type * as Utf8Table from "apache-arrow/fb/utf8";
import type * as Flatbuffers from "flatbuffers";

const fromHere = createRequire(import.meta.url);

/** Arrow's message tables, as the flatbuffers compiler made them for apache-arrow. */
function load() {
  const message = "apache-arrow/fb/message";
  // apache-arrow's own copy of flatbuffers: the tables are written with its builder.
  const fromArrow = createRequire(fromHere.resolve(message));
  const { Builder, ByteBuffer } = fromArrow("flatbuffers") as typeof Flatbuffers;
  const part = <T>(name: string): T => fromHere(`apache-arrow/fb/${name}`) as T;
  return {
    Builder,
    ByteBuffer,
    ...part<typeof MessageTable>("message"),
    ...part<typeof SchemaTable>("schema"),
    ...part<typeof FieldTable>("field"),
    ...part<typeof KeyValueTable>("key-value"),
    ...part<typeof RecordBatchTable>("record-batch"),
    ...part<typeof FieldNodeTable>("field-node"),
    ...part<typeof BufferTable>("buffer"),
    ...part<typeof BodyCompressionTable>("body-compression"),
    ...part<typeof IntTable>("int"),
    ...part<typeof FloatingPointTable>("floating-point"),
    ...part<typeof DecimalTable>("decimal"),
    ...part<typeof FixedSizeListTable>("fixed-size-list"),
    ...part<typeof NullTable>("null"),
    ...part<typeof BoolTable>("bool"),
    ...part<typeof Utf8Table>("utf8"),
    ...part<typeof BinaryTable>("binary"),
    ...part<typeof ListTable>("list"),
    ...part<typeof StructTable>("struct-"),
  };
}

let tables: ReturnType<typeof load> | undefined;

/** Loaded when the first file is written or read: 25 ms, and no process that stays in memory pays it. */
export const arrow = (): ReturnType<typeof load> => (tables ??= load());
