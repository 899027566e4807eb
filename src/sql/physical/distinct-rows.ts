import { concat, gather, type Column, type NumberColumn } from "../../columnar/index.js";
import { firstRows } from "./first-rows.js";
import { KeyTable } from "./key-table.js";
import { batchBytes } from "./pieces.js";

/** Arguments and the number of their group. */
export interface GroupedRows {
  readonly ids: Int32Array;
  readonly columns: readonly Column[];
}

/** Arguments of a DISTINCT call, each once a group. */
export class DistinctRows {
  private table: KeyTable | undefined;
  private readonly parts: GroupedRows[] = [];
  private partBytes = 0;

  get bytes(): number {
    return 1.5 * (this.table?.bytes ?? 0) + this.partBytes;
  }

  /** The rows among these that were not there yet. */
  add(ids: NumberColumn, columns: readonly Column[], numRows: number): GroupedRows {
    const table = (this.table ??= new KeyTable(["i32", ...columns.map((column) => column.layout)]));
    const known = table.count;
    const numbers = table.add([ids, ...columns], numRows);
    const firsts = firstRows(numbers, known, table.count);
    const groups = ids.values as Int32Array;
    const fresh: GroupedRows = {
      ids: firsts.map((row) => groups[row]),
      columns: columns.map((column) => gather(column, firsts)),
    };
    if (firsts.length > 0) {
      this.parts.push(fresh);
      this.partBytes += 4 * firsts.length + batchBytes({ numRows: firsts.length, columns: fresh.columns });
    }
    return fresh;
  }

  all(): GroupedRows {
    const { parts } = this;
    if (parts.length === 0) return { ids: new Int32Array(0), columns: [] };
    const ids = new Int32Array(parts.reduce((n, part) => n + part.ids.length, 0));
    let at = 0;
    for (const part of parts) {
      ids.set(part.ids, at);
      at += part.ids.length;
    }
    return { ids, columns: parts[0].columns.map((_, c) => concat(parts.map((part) => part.columns[c]))) };
  }
}
