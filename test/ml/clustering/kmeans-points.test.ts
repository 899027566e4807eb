import { afterAll, describe, expect, it } from "vitest";
import { XORShiftRandom } from "../../../src/common/index.js";
import { PassPool } from "../../../src/exec/index.js";
import { kmeansPass } from "../../../src/kernels/kmeans/reference.js";
import { openPoints } from "./points.js";

const pool = new PassPool(2);
afterAll(() => pool.stop());

const random = new XORShiftRandom(5);

describe("KMeansPoints.step", () => {
  // Clusters that lie apart, that overlap, and values so coarse that points lie midway between centres.
  it.each([
    [4, 10, (c: number) => 8 * c + random.nextGaussian()],
    [6, 12, () => random.nextDouble()],
    [2, 7, () => random.nextInt(6)],
  ])("with bounds gives what a fresh pass gives (%i features, %i centres)", async (d, k, draw) => {
    const rows = Array.from({ length: 600 }, (_, i) => Array.from({ length: d }, () => draw(i % k)));
    const weights = rows.map(() => 0.25 * random.nextInt(5));
    const points = openPoints(pool, { rows, weights }, { k, partitions: 3 });
    let centers = Float64Array.from(rows.slice(0, k).flat());
    let before: Float64Array | undefined;
    for (let iteration = 0; iteration < 12; iteration++) {
      const { weights: totals, sums } = await points.step(centers, before);
      const expected = kmeansPass(Float64Array.from(rows.flat()), d, centers, Float64Array.from(weights));
      totals.forEach((total, j) => expect(total).toBeCloseTo(expected.totals[j], 9));
      sums.forEach((sum, j) => expect(sum).toBeCloseTo(expected.sums[j], 8));
      expect(await points.cost(centers)).toBeCloseTo(expected.cost, 7);
      before = centers;
      centers = centers.map((value, at) => {
        const j = Math.floor(at / d);
        return totals[j] > 0 ? sums[at] / totals[j] : value;
      });
    }
    points.close();
  });
});
