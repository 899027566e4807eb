import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { F, type DataFrame } from "../../../src/index.js";
import { testSession } from "../session.js";

interface Case {
  readonly id: string;
  readonly partitions?: number;
  readonly data: { readonly schema: readonly (readonly [string, string])[]; readonly rows: unknown[][] };
  readonly params: {
    readonly call: string;
    readonly seed: number;
    readonly fraction: number;
    readonly withReplacement: boolean;
    readonly weights: number[];
    readonly fractions: Record<string, number>;
    readonly col?: string;
  };
  readonly tolerance: number;
  readonly expect: { readonly result: { readonly ids: unknown; readonly rows: unknown[][] } };
}
const golden = JSON.parse(readFileSync(new URL("../../golden/ml/DataFrameRandom.json", import.meta.url), "utf8")) as {
  cases: readonly Case[];
};
const spark = testSession();
const ids = async (df: DataFrame): Promise<unknown[]> => (await df.collect()).map((row) => row.get("id"));

describe("random parts of the DataFrame API give Spark's numbers", () => {
  it.each(golden.cases.map((c) => [c.id, c] as const))(
    "%s",
    async (_, { data, params, partitions, expect: expected, tolerance }) => {
      const df = spark.createDataFrame(data.rows, data.schema.map(([n, t]) => `${n} ${t}`).join(","), partitions ?? 1);
      switch (params.call) {
        case "rand":
        case "randn": {
          const rows = await df.select("id", F[params.call](params.seed)).collect();
          rows.forEach((row, i) => {
            const [id, value] = expected.result.rows[i] as [number, number];
            expect(row.get(0)).toBe(id);
            expect(Math.abs((row.get(1) as number) - value)).toBeLessThanOrEqual(tolerance);
          });
          expect(rows.length).toBe(expected.result.rows.length);
          return;
        }
        case "sample":
          expect(await ids(df.sample(params.withReplacement, params.fraction, params.seed))).toEqual(
            expected.result.ids,
          );
          return;
        case "randomSplit":
          expect(await Promise.all(df.randomSplit(params.weights, params.seed).map(ids))).toEqual(expected.result.ids);
          return;
        case "sampleBy":
          expect(await ids(df.sampleBy(params.col ?? "g", params.fractions, params.seed))).toEqual(expected.result.ids);
          return;
        default:
          throw new Error(`no test for ${params.call}`);
      }
    },
  );
});
