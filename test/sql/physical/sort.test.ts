import fc from "fast-check";
import { expect, it } from "vitest";
import { columnBuilder, valueAt, type Layout } from "../../../src/columnar/index.js";
import { sortBatch } from "../../../src/sql/physical/sorted-rows.js";

const layouts: Layout[] = ["f64", "utf8", "i64"];
const row = fc.tuple(
  fc.option(fc.constantFrom(-1, 0, -0, 2.5, Number.NaN, Infinity), { nil: null }),
  fc.option(fc.constantFrom("", "a", "b", "é", "😀", "ﬀ"), { nil: null }),
  fc.option(fc.bigInt({ min: -2n, max: 2n }), { nil: null }),
);
const bytes = (s: string): string => Buffer.from(s).toString("hex");
const rank = (v: unknown): unknown => (typeof v === "number" ? (Number.isNaN(v) ? Number.MAX_VALUE * 2 : v) : v);

function compare(a: unknown, b: unknown, ascending: boolean, nullsFirst: boolean): number {
  if (a === null || b === null) return a === b ? 0 : (a === null) === nullsFirst ? -1 : 1;
  const nan = Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  const [x, y] = typeof a === "string" ? [bytes(a), bytes(b as string)] : [rank(a), rank(b)];
  const order = nan || ((x as number) < (y as number) ? -1 : (x as number) > (y as number) ? 1 : 0);
  return ascending ? order : -order;
}

it("sorts like Spark: stable, nulls where asked, NaN above infinity, text by its bytes", () => {
  const keys = fc.array(
    fc.record({ ordinal: fc.integer({ min: 0, max: 2 }), ascending: fc.boolean(), nullsFirst: fc.boolean() }),
    { minLength: 1, maxLength: 3 },
  );
  fc.assert(
    fc.property(fc.array(row, { maxLength: 200 }), keys, (rows, order) => {
      const columns = [...layouts, "i32" as const].map((layout, c) => {
        const builder = columnBuilder(layout);
        rows.forEach((r, i) => builder.append(c < 3 ? r[c] : i));
        return builder.finish();
      });
      const expected = rows
        .map((r, i) => ({ r, i }))
        .sort((a, b) => {
          for (const key of order) {
            const d = compare(a.r[key.ordinal], b.r[key.ordinal], key.ascending, key.nullsFirst);
            if (d !== 0) return d;
          }
          return a.i - b.i;
        })
        .map(({ i }) => i);
      const sorted = sortBatch({ numRows: rows.length, columns }, order);
      expect(rows.map((_, i) => valueAt(sorted.columns[3], i))).toEqual(expected);
    }),
  );
});
