import { columnReader, textConverter } from "../expressions/index.js";
import { outputOf } from "../plan/index.js";
import { batchesOf } from "../physical/index.js";
import { ArrayType, BinaryType, MapType, StructType, type DataType } from "../types/index.js";
import { firstRowsOf, release } from "./actions.js";
import type { DataFrameActions } from "./dataframe-actions.js";

/** Spark's table of the first rows; `truncate` true cuts cells to 20 characters. */
export async function showText(
  df: DataFrameActions,
  rows: number,
  truncate: boolean | number,
  vertical: boolean,
): Promise<string> {
  const width = truncate === true ? 20 : truncate === false ? 0 : truncate;
  const count = Math.max(0, Math.min(rows, 2 ** 31 - 16));
  const plan = await df.analyzed();
  const output = outputOf(plan);
  const zone = df.sparkSession.state.conf.value("timeZone");
  const blocks = await firstRowsOf(df, { kind: "limit", child: plan, limit: count + 1, offset: 0 }, count + 1);
  const cells: string[][] = [];
  const texts = output.map((a) => cellText(a.type, zone));
  for (const { numRows, columns } of batchesOf(blocks)) {
    const readers = columns.map(columnReader);
    for (let i = 0; i < numRows; i++) cells.push(readers.map((read, c) => cut(escape(texts[c](read(i))), width)));
  }
  release(df, blocks);
  const more = cells.length > count;
  const shown = cells.slice(0, count);
  const names = output.map((a) => cut(escape(a.name), width));
  const table = vertical ? verticalTable(names, shown) : horizontalTable(names, shown, width > 0);
  const plural = count === 1 ? "row" : "rows";
  return more ? `${table}only showing top ${count} ${plural}` : table;
}

/** Text of a cell: as CAST to string, but nulls in capitals and bytes in hexadecimal. */
function cellText(type: DataType, zone: string): (value: unknown) => string {
  const inner = (t: DataType): ((value: unknown) => string) => cellText(t, zone);
  let text: (value: never) => string;
  if (type instanceof BinaryType) {
    text = (bytes: Uint8Array) =>
      `[${Array.from(bytes, (b) => b.toString(16).toUpperCase().padStart(2, "0")).join(" ")}]`;
  } else if (type instanceof ArrayType) {
    const element = inner(type.elementType);
    text = (values: readonly unknown[]) => `[${values.map(element).join(", ")}]`;
  } else if (type instanceof StructType) {
    const fields = type.fields.map((field) => inner(field.dataType));
    text = (values: readonly unknown[]) => `{${fields.map((field, i) => field(values[i])).join(", ")}}`;
  } else if (type instanceof MapType) {
    const key = inner(type.keyType);
    const value = inner(type.valueType);
    text = (entries: readonly (readonly [unknown, unknown])[]) =>
      `{${entries.map(([k, v]) => `${key(k)} -> ${value(v)}`).join(", ")}}`;
  } else text = textConverter(type, zone);
  return (value) => (value === null || value === undefined ? "NULL" : text(value as never));
}

const escapes: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\f": "\\f",
  "\b": "\\b",
  "\u000b": "\\v",
  "\u0007": "\\a",
};
// eslint-disable-next-line no-control-regex
const escape = (text: string): string => text.replace(/[\n\r\t\f\b\u000b\u0007]/g, (c) => escapes[c]);

function cut(text: string, width: number): string {
  if (width <= 0 || text.length <= width) return text;
  return width < 4 ? text.slice(0, width) : `${text.slice(0, width - 3)}...`;
}

const wide =
  // eslint-disable-next-line no-control-regex
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;
/** Columns a text takes in a terminal; East Asian characters take two. */
const widthOf = (text: string): number => text.length + (text.match(wide)?.length ?? 0);

function horizontalTable(names: readonly string[], rows: readonly (readonly string[])[], right: boolean): string {
  const widths = names.map((name, c) =>
    rows.reduce((w, row) => Math.max(w, widthOf(row[c])), Math.max(3, widthOf(name))),
  );
  const rule = `+${widths.map((w) => "-".repeat(w)).join("+")}+\n`;
  const pad = (text: string, c: number): string => {
    const fill = " ".repeat(widths[c] - widthOf(text));
    return right ? fill + text : text + fill;
  };
  const line = (cells: readonly string[]): string => `|${cells.map(pad).join("|")}|\n`;
  return `${rule}${line(names)}${rule}${rows.map(line).join("")}${rule}`;
}

function verticalTable(names: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "(0 rows)\n";
  const nameWidth = names.reduce((w, name) => Math.max(w, widthOf(name)), 3);
  const valueWidth = rows.reduce((w, row) => row.reduce((v, cell) => Math.max(v, widthOf(cell)), w), 3);
  return rows
    .map((row, i) => {
      const header = `-RECORD ${i}`.padEnd(nameWidth + valueWidth + 5, "-");
      const lines = row.map(
        (cell, c) =>
          ` ${names[c]}${" ".repeat(nameWidth - widthOf(names[c]))} | ${cell}${" ".repeat(valueWidth - widthOf(cell))} \n`,
      );
      return `${header}\n${lines.join("")}`;
    })
    .join("");
}
