import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { F, type Row } from "../../../src/index.js";
import { testSession } from "../session.js";

const spark = testSession();
type Pair = readonly [number | null, string];
const side = fc.array(
  fc.tuple(fc.option(fc.integer({ min: 0, max: 4 }), { nil: null }), fc.constantFrom("p", "q", "r")),
  {
    maxLength: 12,
  },
);
const text = (rows: readonly Row[]): string[] => rows.map((row) => JSON.stringify(row.toArray())).sort();

/** Nested loops: what a join means. */
function expected(
  left: readonly Pair[],
  right: readonly Pair[],
  how: string,
  matches: (l: Pair, r: Pair) => boolean,
): string[] {
  const rows: unknown[][] = [];
  const seen = new Set<Pair>();
  for (const l of left) {
    const found = right.filter((r) => matches(l, r));
    found.forEach((r) => seen.add(r));
    if (how === "semi" || how === "anti") {
      if (found.length > 0 === (how === "semi")) rows.push([...l]);
      continue;
    }
    for (const r of found) rows.push([...l, ...r]);
    if (found.length === 0 && (how === "left" || how === "full")) rows.push([...l, null, null]);
  }
  if (how === "right" || how === "full") for (const r of right) if (!seen.has(r)) rows.push([null, null, ...r]);
  return rows.map((row) => JSON.stringify(row)).sort();
}

describe.each([
  ["broadcast", "10m"],
  ["shuffled", "-1"],
])("%s hash join", (_, threshold) => {
  it.each(["inner", "left", "right", "full", "semi", "anti"])("%s equals nested loops", async (how) => {
    spark.conf.set("spark.sql.autoBroadcastJoinThreshold", threshold);
    await fc.assert(
      fc.asyncProperty(
        side,
        side,
        fc.boolean(),
        fc.constantFrom(1, 3, 7),
        async (left, right, residual, partitions) => {
          const l = spark.createDataFrame(left, "k INT, s STRING", partitions);
          const r = spark.createDataFrame(right, "k INT, t STRING", 3);
          const equal = l.col("k").eq(r.col("k"));
          const rows = await l.join(r, residual ? equal.and(F.col("s").notEqual(F.col("t"))) : equal, how).collect();
          const matches = (a: Pair, b: Pair): boolean => a[0] !== null && a[0] === b[0] && (!residual || a[1] !== b[1]);
          expect(text(rows)).toEqual(expected(left, right, how, matches));
        },
      ),
      { numRuns: 8 },
    );
    spark.conf.unset("spark.sql.autoBroadcastJoinThreshold");
  });
});

describe("join forms", () => {
  const l = spark.createDataFrame(
    [
      [1, "a"],
      [2, "b"],
      [null, "n"],
    ],
    "k INT, l STRING",
    2,
  );
  const r = spark.createDataFrame(
    [
      [2, "x"],
      [3, "y"],
      [null, "m"],
    ],
    "k INT, r STRING",
    2,
  );

  it("by column names the keys appear once, from either side in a full join", async () => {
    const df = l.join(r, "k", "full").orderBy("k", "l");
    expect(await df.columns()).toEqual(["k", "l", "r"]);
    expect((await df.collect()).map((row) => row.toArray())).toEqual([
      [null, null, "m"],
      [null, "n", null],
      [1, "a", null],
      [2, "b", "x"],
      [3, null, "y"],
    ]);
  });
  it("null-safe equality matches nulls", async () => {
    const rows = await l
      .join(r, l.col("k").eqNullSafe(r.col("k")))
      .orderBy("l")
      .collect();
    expect(rows.map((row) => row.toArray())).toEqual([
      [2, "b", 2, "x"],
      [null, "n", null, "m"],
    ]);
  });
  it("a frame joins itself through aliases or through its own columns", async () => {
    const a = await l
      .alias("a")
      .join(l.alias("b"), F.col("a.k").lt(F.col("b.k")))
      .select("a.l", "b.l")
      .collect();
    expect(a.map((row) => row.toArray())).toEqual([["a", "b"]]);
    expect(await l.join(l, l.col("k").eq(l.col("k"))).count()).toBe(2);
  });
  it("without a condition gives every pair", async () => {
    expect(await l.crossJoin(r).count()).toBe(9);
    expect(await l.join(r).count()).toBe(9);
  });
  it("names a column that both sides have as ambiguous", async () => {
    await expect(
      l
        .join(r, l.col("k").eq(r.col("k")))
        .select("k")
        .collect(),
    ).rejects.toMatchObject({
      condition: "AMBIGUOUS_REFERENCE",
    });
  });
});
