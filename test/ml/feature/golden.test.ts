import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { discover } from "../../golden/runner/discover.js";
import { describeOutcome } from "../../golden/runner/report.js";
import { GoldenRunner } from "../../golden/runner/run.js";

const golden = (path: string): string => fileURLToPath(new URL(`../../golden/${path}`, import.meta.url));
const classes = [
  ...["StringIndexer", "IndexToString", "OneHotEncoder", "VectorAssembler", "StandardScaler", "MinMaxScaler"],
  ...["Imputer", "Bucketizer", "Tokenizer", "RegexTokenizer", "StopWordsRemover", "HashingTF", "CountVectorizer"],
  ...["IDF", "PCA", "VectorSizeHint"],
];

// Recorded by test/golden/feature/record.py; the cases of test/golden/ml run once more in other partitions.
describe.each([
  { where: "feature", partitions: undefined },
  { where: "ml", partitions: 3 },
  { where: "ml", partitions: 7 },
])("what Spark answered: $where, partitions $partitions", ({ where, partitions }) => {
  let runner: GoldenRunner;
  beforeAll(async () => {
    runner = await GoldenRunner.start({ datasets: [golden("../../datasets")], partitions });
  });
  afterAll(() => runner.stop());

  const found = discover([golden(where)]).filter(({ file }) => classes.some((name) => file.endsWith(`/${name}.json`)));
  test("cases are found", () => expect(found.length).toBeGreaterThan(90));

  test.each(classes)("%s", { timeout: 120_000 }, async (name) => {
    const failures: string[] = [];
    for (const entry of found.filter(({ file }) => file.endsWith(`/${name}.json`))) {
      const outcome = await runner.run(entry);
      if (outcome.status === "failed") failures.push(describeOutcome(outcome));
    }
    expect(failures.join("\n")).toBe("");
  });
});
