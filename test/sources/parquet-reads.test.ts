import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { conditions, filesAt, folder, formatNamed, readAll, recordedReads, sorted } from "./recorded.js";

const parquet = formatNamed("parquet");
/** Settings that are not of this slice, each with the reason. */
const skipped: Readonly<Record<string, string>> = {};
const plain = recordedReads("parquet").filter((read) => !read.sql && !read.selectExpr && !read.path.startsWith("parquet/part"));

describe("Spark's recorded reads", () => {
  for (const read of plain) {
    test.skipIf(read.conf || skipped[read.id])(`${read.id} ${read.path}`, async () => {
      const answer = readAll(parquet, filesAt(join(folder, read.path)), read.options, read.readSchema);
      if (read.error) {
        const error: unknown = await answer.then(
          () => undefined,
          (e: unknown) => e,
        );
        expect(conditions(error), String(error)).toEqual([read.error, ...(read.causes ?? [])]);
        return;
      }
      const { schema, rows } = await answer;
      expect(schema).toBe(read.schema);
      if (read.ordered) expect(rows).toEqual(read.rows);
      else expect(sorted(rows)).toEqual(sorted(read.rows!));
    });
  }
});
