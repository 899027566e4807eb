import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { BlockFileWriter, columnBuilder, type Batch, type Layout, valueAt } from "../../../src/columnar/index.js";
import type { FileBlock } from "../../../src/memory/index.js";
import { openFragment, type ExecutionSettings, type Fragment } from "../../../src/sql/physical/fragment.js";
import type { TaskContext } from "../../../src/exec/index.js";

const directory = mkdtempSync(join(tmpdir(), "kindling-test-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;

export interface LimitedTask extends TaskContext {
  /** Blocks that were spilled so far. */
  readonly spills: number;
  /** Spilled blocks that are neither discarded nor closed. */
  readonly open: ReadonlySet<FileBlock>;
  close(): void;
}

/** A task of its own memory limit, with real spill files; what is stored stays in memory if it is `resident`, else it goes to files. */
export function limitedTask(limit: number, resident = false): LimitedTask {
  const writer = new BlockFileWriter(join(directory, `task-${files++}`));
  const open = new Set<FileBlock>();
  let held = 0;
  let spills = 0;
  return {
    stageId: 0,
    partitionId: 0,
    numPartitions: 1,
    attempt: 0,
    taskAttemptId: 0,
    checkCancelled: () => undefined,
    memory: {
      acquire(bytes) {
        if (held + bytes > limit) return false;
        held += bytes;
        return true;
      },
      release(bytes) {
        held -= bytes;
        if (held < 0) throw new Error("more memory was released than taken");
      },
      get held() {
        return held;
      },
    },
    blocks: {
      store: (batch) => ({ file: writer.write(batch) }),
      spill(batch) {
        spills++;
        const block = { file: writer.write(batch) };
        open.add(block);
        return block;
      },
      discard: (block) => void open.delete(block as FileBlock),
      keep: (_, make) => (resident ? make() : undefined),
      storeImage: (image) => ({ file: writer.writeBytes(image) }),
    },
    get spills() {
      return spills;
    },
    open,
    close: () => writer.remove(),
  };
}

const settings: ExecutionSettings = { timeZone: "UTC", ansi: true, codegen: false, now: 0n };

/** A fragment over blocks of these batches, in files. */
export function fragmentOf(task: TaskContext, batches: readonly Batch[]): Fragment {
  const pieces = batches.map((batch) => ({ block: task.blocks.store(batch), start: 0, end: batch.numRows }));
  return { op: "blocks", pieces } as Fragment;
}

/** All rows a fragment gives in a task. */
export async function rowsOf(fragment: Fragment, task: TaskContext): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const batch of openFragment(fragment, settings, task)) rows.push(...batchRows(batch));
  return rows;
}

export const batchRows = ({ numRows, columns }: Batch): unknown[][] =>
  Array.from({ length: numRows }, (_, i) => columns.map((column) => valueAt(column, i)));

/** A batch of rows of internal values. */
export function batchOf(layouts: readonly Layout[], rows: readonly (readonly unknown[])[]): Batch {
  const columns = layouts.map((layout, c) => {
    const builder = columnBuilder(layout);
    for (const row of rows) builder.append(row[c]);
    return builder.finish();
  });
  return { numRows: rows.length, columns };
}

/** The rows in stretches of `size`. */
export const inBatches = (layouts: readonly Layout[], rows: readonly (readonly unknown[])[], size: number): Batch[] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, i) =>
    batchOf(layouts, rows.slice(i * size, (i + 1) * size)),
  );

/** A row as text, so that rows can be compared as a multiset. */
export const rowText = (row: readonly unknown[]): string =>
  row
    .map((v) => (Array.isArray(v) ? `[${rowText(v)}]` : Object.is(v, -0) ? "0" : `${typeof v} ${String(v)}`))
    .join("|");
