import { join } from "node:path";
import { expect, test } from "vitest";
import { conditions, filesAt, folder, formatNamed, readAll, type RecordedRead, sorted } from "./recorded.js";

/** One test a recorded read: the same schema and rows, or the same error conditions. */
export function testReads(reads: readonly RecordedRead[], skipped: Readonly<Record<string, string>> = {}): void {
  for (const read of reads) {
    const format = formatNamed(read.format);
    test.skipIf(skipped[read.id])(`${read.id} ${read.path} ${JSON.stringify(read.options)}`, async () => {
      const answer = readAll(
        format,
        filesAt(join(folder, read.path)),
        { ...read.options, ...read.conf },
        read.readSchema,
      );
      if (read.error) {
        const error: unknown = await answer.then(
          () => undefined,
          (e: unknown) => e,
        );
        if (read.error.startsWith("java:")) expect((error as Error).name).toBe(read.error.split(".").at(-1));
        else expect(conditions(error), String(error)).toEqual([read.error, ...(read.causes ?? [])]);
        return;
      }
      const { schema, rows } = await answer;
      expect(schema).toBe(read.schema);
      if (read.ordered) expect(rows).toEqual(read.rows);
      else expect(sorted(rows)).toEqual(sorted(read.rows!));
    });
  }
}
