import { truncateSync, writeFileSync, readFileSync, rmSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { FetchFailedException } from "../../src/common/index.js";
import { PassPool } from "../../src/exec/index.js";
import type { FilePassBlock, PassRequest } from "../../src/exec/pass.js";
import type { InstanceLayout } from "../../src/ml/base/index.js";
import { KMeansPoints } from "../../src/ml/clustering/kmeans-points.js";
import { trainKMeans } from "../../src/ml/clustering/train-kmeans.js";
import { gramSums, openLinearLoss, openSoftmaxLoss, trainingMoments } from "../../src/ml/linear/index.js";
import { imageFiles } from "./base/task-context.js";
import { batchesOf, cachedBatches, type Problem, trainingLayout } from "./training-layout.js";

const pool = new PassPool(2);
const images = imageFiles();
afterAll(async () => {
  await pool.stop();
  images.remove();
});
const open = <C>(request: PassRequest<C>) => pool.openPasses(request);

async function kmeans(layout: InstanceLayout, cosine: boolean, initMode: string) {
  const points = new KMeansPoints({ layout, open, k: 5, cosine, pieces: 4 });
  try {
    if (cosine) expect(await points.findLengths()).toBe(0);
    const settings = { k: 5, initMode, initSteps: 3, maxIter: 12, tol: 0, seed: 3, normalizeInitial: false };
    return await trainKMeans(points, settings, () => undefined);
  } finally {
    points.close();
  }
}

/** Everything that trainers ask of a layout. */
async function results(layout: InstanceLayout, classes: number) {
  const moments = await trainingMoments(layout, open, classes > 0);
  const d = layout.numFeatures;
  const w = Float64Array.from({ length: d }, (_, j) => Math.sin(j));
  const linear = openLinearLoss(layout, open, { kind: "logistic", epsilon: 0 });
  const softmax = openSoftmaxLoss(layout, open, 3);
  const wide = Float64Array.from({ length: 3 * d }, (_, j) => Math.cos(j) / 3);
  const out = {
    moments,
    gram: await gramSums(layout, open, 2),
    linear: [
      await linear.loss(w, 0.5, 1),
      await linear.loss(
        w.map((v) => 2 * v),
        0,
        1,
      ),
    ],
    softmax: await softmax.loss(wide, Float64Array.of(0.1, 0, -0.2)),
    euclidean: await kmeans(layout, false, "k-means||"),
    random: await kmeans(layout, false, "random"),
    cosine: await kmeans(layout, true, "k-means||"),
  };
  linear.close();
  softmax.close();
  return out;
}

const inFiles = (layout: InstanceLayout): number => layout.blocks.filter((block) => "file" in block).length;

describe("training data in files", () => {
  it.each([
    { rows: 7_000, size: 6, form: "dense", classes: 2 },
    { rows: 6_000, size: 14, form: "csr", classes: 3 },
  ] satisfies Problem[])("gives what resident data gives, to the last bit ($form)", async (problem) => {
    const resident = await trainingLayout(batchesOf(problem, 1_024), Infinity, images.directory, problem);
    expect([inFiles(resident), resident.blocks.length]).toEqual([0, expect.any(Number)]);
    expect(resident.blocks.length).toBeGreaterThan(4);
    const expected = await results(resident, problem.classes);
    for (const [budget, batchRows] of [
      [200_000, 1_024],
      [0, 777],
    ]) {
      const mixed = await trainingLayout(batchesOf(problem, batchRows), budget, images.directory, problem);
      expect(inFiles(mixed)).toBeGreaterThan(budget === 0 ? mixed.blocks.length - 1 : 0);
      if (budget > 0) expect(inFiles(mixed)).toBeLessThan(mixed.blocks.length);
      expect(await results(mixed, problem.classes)).toEqual(expected);
    }
  });

  it("gives what data that is cached and adopted in place gives", async () => {
    const problem: Problem = { rows: 7_000, size: 6, form: "dense", classes: 2 };
    const adopted = await trainingLayout(cachedBatches(problem, 1_024), Infinity, images.directory, problem);
    expect(adopted.blocks.length).toBe(1);
    const files = await trainingLayout(batchesOf(problem, 1_000), 0, images.directory, problem);
    expect(files.units(16).length).toBe(adopted.units(16).length);
    expect(await results(files, problem.classes)).toEqual(await results(adopted, problem.classes));
  });

  it("gives what cached data gives of which only a part is in memory", async () => {
    const problem: Problem = { rows: 18_000, size: 6, form: "dense", classes: 2 };
    const cached = cachedBatches(problem, 500);
    const others = [cachedBatches(problem, 500), batchesOf(problem, 500)];
    // Stretches of rows of one cached block, of copies, of another cached block, and so on.
    const mixed = cached.map((batch, i) => [batch, others[1][i], others[0][i], batch][Math.floor(i / 8) % 4]);
    const whole = await trainingLayout(cached, Infinity, images.directory, problem);
    const parts = await trainingLayout(mixed, 100_000, images.directory, problem);
    expect([whole.blocks.length, inFiles(parts) > 1, parts.blocks.length > inFiles(parts) + 2]).toEqual([
      1,
      true,
      true,
    ]);
    expect(parts.numRows).toBe(18_000);
    expect(await results(parts, problem.classes)).toEqual(await results(whole, problem.classes));
  });

  it("reads every block once a pass, and the same thread's blocks without reading them again", async () => {
    const problem: Problem = { rows: 2_000, size: 6, form: "dense", classes: 2 };
    const layout = await trainingLayout(batchesOf(problem, 500), 0, images.directory, {
      classes: 2,
      blockBytes: 2 ** 20,
    });
    expect(inFiles(layout)).toBe(1);
    expect(await results(layout, 2)).toEqual(
      await results(
        await trainingLayout(batchesOf(problem, 500), Infinity, images.directory, { classes: 2, blockBytes: 2 ** 20 }),
        2,
      ),
    );
  });
});

describe("a lost file of training data", () => {
  const problem: Problem = { rows: 4_000, size: 6, form: "dense", classes: 2 };
  const damage = {
    "is gone": (path: string) => rmSync(path),
    "is cut short": (path: string) => truncateSync(path, 100),
    "is damaged": (path: string) => {
      const bytes = readFileSync(path);
      bytes[bytes.length >> 1] ^= 1;
      writeFileSync(path, bytes);
    },
  };
  const lose = (layout: InstanceLayout, how: keyof typeof damage): string => {
    const { file } = layout.blocks[1] as unknown as FilePassBlock;
    damage[how](file.path);
    return file.path;
  };

  it.each(Object.keys(damage) as (keyof typeof damage)[])(
    "that %s is laid out again and the pass repeated",
    async (how) => {
      const expected = await trainingMoments(
        await trainingLayout(batchesOf(problem, 900), Infinity, images.directory, problem),
        open,
        true,
      );
      const layout = await trainingLayout(batchesOf(problem, 900), 0, images.directory, problem);
      lose(layout, how);
      expect(await trainingMoments(layout, open, true)).toEqual(expected);
    },
  );

  it("is a fetch failure of its task where it cannot be laid out again", async () => {
    const layout = await trainingLayout(batchesOf(problem, 900), 0, images.directory, problem);
    const path = lose(layout, "is damaged");
    const { passes } = layout;
    const final = { ...layout, blocks: layout.blocks, passes: { blocks: passes.blocks } };
    const error = await trainingMoments(final, open, true).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(FetchFailedException);
    expect(error).toMatchObject({
      condition: "FETCH_FAILED",
      messageParameters: { stageId: "1", partition: "0", path },
      message: expect.stringContaining("its checksum does not match"),
    });
  });
});
