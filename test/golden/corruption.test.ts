import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json } from "./runner/case.js";
import { discover, type Found } from "./runner/discover.js";
import { mutations } from "./runner/mutate.js";
import { GoldenRunner } from "./runner/run.js";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Cases that together hold every kind of fact; each must pass as it is and fail with any one of its facts corrupted. */
const samples: readonly (readonly [file: string, id: string])[] = [
  ["StringIndexer", "keep-unseen"],
  ["Imputer", "median"],
  ["IDF", "dense"],
  ["HashingTF", "defaults"],
  ["StopWordsRemover", "custom"],
  ["PCA", "doc-example"],
  ["LinearRegression", "linnerud"],
  ["LogisticRegression", "constant-feature"],
  ["KMeans", "doc-example"],
  ["ALS", "initial-factors"],
  ["CrossValidator", "fold-col-regression"],
  ["Pipeline", "pca-kmeans"],
  ["BinaryClassificationEvaluator", "vector-scores"],
  ["ParamGridBuilder", "product-order"],
  ["DataFrameRandom", "sample"],
  ["LibSVMDataSource", "defaults"],
  ["DenseVector", "arithmetic"],
  ["errors", "reg-negative"],
  ["errors", "missing-label"],
  ["errors", "indexer-unseen"],
];
const CORRUPTIONS_A_CASE = 12;

let runner: GoldenRunner;
beforeAll(async () => {
  runner = await GoldenRunner.start({ datasets: [here("../../datasets")] });
});
afterAll(async () => {
  await runner?.stop();
});

/** Always the same choice, spread over all places and starting at a place of its own for each case. */
function spread<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, i) => items[Math.floor(i * step)]);
}

function corrupted(found: Found): { change: string; found: Found }[] {
  if (found.kind === "unreadable") throw found.error;
  const expect_ = found.kind === "case" ? found.spec.expect : (factsOf(found.expected) as Json);
  return spread(mutations(expect_), CORRUPTIONS_A_CASE).map(({ path, change, value }) => ({
    change: `${path}: ${change}`,
    found:
      found.kind === "case"
        ? { ...found, spec: { ...found.spec, expect: value as typeof found.spec.expect } }
        : { ...found, expected: { ...found.expected, ...(value as object) } },
  }));
}

const factsOf = ({ sparkClass, params, model, transform }: Record<string, unknown>): Record<string, unknown> => ({
  sparkClass,
  params,
  model,
  transform,
});

describe("a corrupted expectation fails", () => {
  const cases = samples.map(([file, id]) => {
    const found = discover([here(`ml/${file}.json`)]).find((f) => f.kind === "case" && f.spec.id === id);
    return [`${file} ${id}`, found!] as const;
  });
  const models = ["StandardScalerModel", "LogisticRegressionModel"].map(
    (name) => [name, discover([here(`models/${name}`)])[0]] as const,
  );
  test.each([...cases, ...models])(
    "%s",
    async (_, found) => {
      expect((await runner.run(found)).status).toBe("passed");
      const undetected: string[] = [];
      for (const wrong of corrupted(found)) {
        if ((await runner.run(wrong.found)).status !== "failed") undetected.push(wrong.change);
      }
      expect(undetected).toEqual([]);
    },
    120_000,
  );
});
