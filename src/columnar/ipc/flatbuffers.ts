import { createRequire } from "node:module";

const fromHere = createRequire(import.meta.url);

/** Arrow's message tables, as the flatbuffers compiler made them for apache-arrow. */
function load() {
  const message = "apache-arrow/fb/message";
  // apache-arrow's own copy of flatbuffers: the tables are written with its builder.
  const fromArrow = createRequire(fromHere.resolve(message));
  const { Builder, ByteBuffer } = fromArrow("flatbuffers") as typeof import("flatbuffers");
  const part = <T>(name: string): T => fromHere(`apache-arrow/fb/${name}`) as T;
  return {
    Builder,
    ByteBuffer,
    ...part<typeof import("apache-arrow/fb/message")>("message"),
    ...part<typeof import("apache-arrow/fb/schema")>("schema"),
    ...part<typeof import("apache-arrow/fb/field")>("field"),
    ...part<typeof import("apache-arrow/fb/key-value")>("key-value"),
    ...part<typeof import("apache-arrow/fb/record-batch")>("record-batch"),
    ...part<typeof import("apache-arrow/fb/field-node")>("field-node"),
    ...part<typeof import("apache-arrow/fb/buffer")>("buffer"),
    ...part<typeof import("apache-arrow/fb/body-compression")>("body-compression"),
    ...part<typeof import("apache-arrow/fb/int")>("int"),
    ...part<typeof import("apache-arrow/fb/floating-point")>("floating-point"),
    ...part<typeof import("apache-arrow/fb/decimal")>("decimal"),
    ...part<typeof import("apache-arrow/fb/fixed-size-list")>("fixed-size-list"),
    ...part<typeof import("apache-arrow/fb/null")>("null"),
    ...part<typeof import("apache-arrow/fb/bool")>("bool"),
    ...part<typeof import("apache-arrow/fb/utf8")>("utf8"),
    ...part<typeof import("apache-arrow/fb/binary")>("binary"),
    ...part<typeof import("apache-arrow/fb/list")>("list"),
    ...part<typeof import("apache-arrow/fb/struct-")>("struct-"),
  };
}

let tables: ReturnType<typeof load> | undefined;

/** Loaded when the first file is written or read: 25 ms, and no process that stays in memory pays it. */
export const arrow = (): ReturnType<typeof load> => (tables ??= load());
