import { afterAll, beforeAll, expect, it } from "vitest";
import { SparkSession, Vectors } from "../../../src/index.js";
import { layoutInstances } from "../../../src/ml/base/index.js";
import { gramSums, trainingMoments } from "../../../src/ml/linear/index.js";
import { momentSums, statistics } from "../optim/golden-problem.js";
import { generator } from "../../kernels/arena.js";

let spark: SparkSession;
beforeAll(() => void (spark = SparkSession.builder.master("local[2]").create()));
afterAll(() => spark.stop());

function problem(n: number, d: number) {
  const random = generator(3);
  const rows = Array.from({ length: n }, () => Float64Array.from({ length: d }, () => Math.max(0, random() - 0.8)));
  return { rows, labels: rows.map(() => 5 + random()), weights: rows.map(() => random()) };
}
const layoutOf = (data: ReturnType<typeof problem>, form: "dense" | "csr", partitions: number) => {
  const records = data.rows.map((row, i) => [Vectors.dense(row), data.labels[i], data.weights[i]]);
  const df = spark.createDataFrame(records, "features vector, label double, w double", partitions);
  return layoutInstances(df, {
    features: "features",
    label: { column: "label", rule: "regression" },
    weight: "w",
    form,
  });
};
const open = (request: Parameters<SparkSession["openPasses"]>[0]) => spark.openPasses(request) as never;
const expectClose = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (Math.abs(actual[i] - expected[i]) > 1e-10 * Math.max(1, Math.abs(expected[i]))) {
      expect([i, actual[i]]).toEqual([i, expected[i]]);
    }
  }
};

it.each([
  ["dense", 5, 1],
  ["dense", 30, 3],
  ["csr", 30, 3],
  // Wider than one stripe: several passes add up the columns in turns.
  ["dense", 1100, 2],
  ["csr", 1100, 2],
] as const)("adds up the moments of %s rows of %i features in %i partitions", async (form, d, partitions) => {
  const data = problem(d > 1000 ? 70 : 400, d);
  const layout = await layoutOf(data, form, partitions);
  try {
    const sums = await gramSums(layout, open, 2);
    const expected = momentSums(data, [...sums.shift, sums.labelShift]);
    expect(sums.count).toBe(data.rows.length);
    expect(sums.shift.every((v) => v === 0)).toBe(form === "csr");
    expectClose([sums.w, sums.b, sums.bb], [expected.w, expected.b, expected.bb]);
    expectClose(sums.a, expected.a);
    expectClose(sums.ab, expected.ab);
    expectClose(sums.aa, expected.aa);
    const moments = await trainingMoments(layout, open, false);
    const plain = statistics(data);
    expectClose(moments.mean, plain.mean);
    expectClose(moments.std, plain.std);
    expectClose(
      [moments.weightSum, moments.labelMean, moments.labelStd],
      [plain.weightSum, plain.labelMean, plain.labelStd],
    );
  } finally {
    layout.release();
  }
});

it("keeps the deviation of columns far from zero, whatever the first row is", async () => {
  const rows = Array.from({ length: 50 }, (_, i) => Float64Array.of(i === 0 ? 0 : 1e9 + (i % 7), 0.1));
  const data = {
    rows,
    labels: rows.map((_, i) => (i === 0 ? -1e12 : i % 3)),
    weights: rows.map((_, i) => (i === 0 ? 1e-12 : 1)),
  };
  const layout = await layoutOf(data, "dense", 1);
  const moments = await trainingMoments(layout, open, false);
  const plain = statistics(data);
  expect(moments.std[0] / plain.std[0]).toBeCloseTo(1, 6);
  expect(moments.std[1]).toBe(0);
  expect(moments.labelStd / plain.labelStd).toBeCloseTo(1, 6);
  layout.release();
});
