import { afterAll, describe, expect, it } from "vitest";
import { PassPool } from "../../src/exec/index.js";
import { KMeansPoints, type OpenPasses } from "../../src/ml/clustering/kmeans-points.js";
import { trainKMeans } from "../../src/ml/clustering/train-kmeans.js";
import { openLinearLoss } from "../../src/ml/linear/index.js";
import { lbfgs, featureScaling, linearObjective } from "../../src/ml/optim/index.js";
import type { RatingsPart } from "../../src/ml/recommendation/als-index-pass.js";
import { trainAls } from "../../src/ml/recommendation/train-als.js";
import { generator } from "../kernels/arena.js";
import { imageFiles } from "./base/task-context.js";
import { batchesOf, trainingLayout } from "./training-layout.js";

const images = imageFiles();
const pools: PassPool[] = [];
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.stop()));
  images.remove();
});
const newPool = (): PassPool => {
  const pool = new PassPool(2);
  pools.push(pool);
  return pool;
};

/** A pool whose threads are killed at random moments, at most one while a pass runs; `stop` ends that. */
function sabotaged(seed: number) {
  const pool = newPool();
  const random = generator(seed);
  const state = { kills: 0, passes: 0, over: false };
  const strike = async (): Promise<void> => {
    for (let seen = 0; !state.over;) {
      await new Promise((resolve) => setTimeout(resolve, 1 + 25 * random()));
      if (state.over || state.passes === seen) continue;
      seen = state.passes;
      await pool.killThread(random() > 0.5 ? 1 : 0);
      state.kills++;
    }
  };
  const striking = strike();
  const open: OpenPasses = (request) => {
    const passes = pool.openPasses(request);
    return {
      ...passes,
      async run(op, signal) {
        await passes.run(op, signal);
        state.passes++;
      },
    };
  };
  return {
    open,
    state,
    async stop() {
      state.over = true;
      await striking;
    },
  };
}

async function disturbedEquals(run: (open: OpenPasses) => Promise<unknown>, seeds: readonly number[]): Promise<void> {
  const calm = newPool();
  const expected = await run((request) => calm.openPasses(request));
  for (const seed of seeds) {
    const { open, state, stop } = sabotaged(seed);
    try {
      for (let repeat = 0; repeat < 2 || state.kills < 3; repeat++) expect(await run(open)).toEqual(expected);
    } finally {
      await stop();
    }
  }
}

describe.each([
  ["in memory", Infinity],
  ["partly in files", 2 ** 20],
])("training on rows %s survives the death of pass threads with the same result", (_, budget) => {
  it("of logistic regression", async () => {
    const problem = { rows: 60_000, size: 10, form: "dense", classes: 2 } as const;
    const layout = await trainingLayout(batchesOf(problem, 4_096), budget, images.directory, {
      classes: 2,
      blockBytes: 2 ** 19,
    });
    await disturbedEquals(
      async (open) => {
        const { loss, close } = openLinearLoss(layout, open, {
          kind: "logistic",
          epsilon: 0,
        });
        const scaling = featureScaling(new Float64Array(10), new Float64Array(10).fill(1));
        const objective = linearObjective(
          { loss, scaling, weightSum: 60_000, penalty: undefined },
          { intercept: true, centered: false, sigma: false },
        );
        const { x, objectiveHistory } = await lbfgs(objective, new Float64Array(11), { maxIter: 25, tolerance: 0 });
        close();
        return { x, objectiveHistory };
      },
      [1, 2],
    );
  });

  it("of k-means", async () => {
    const problem = { rows: 40_000, size: 8, form: "dense", classes: 2 } as const;
    const layout = await trainingLayout(batchesOf(problem, 4_096), budget, images.directory, {
      classes: 2,
      blockBytes: 2 ** 19,
    });
    await disturbedEquals(
      async (open) => {
        const points = new KMeansPoints({ layout, open, k: 12, cosine: false, pieces: 8 });
        const settings = {
          k: 12,
          initMode: "k-means||",
          initSteps: 4,
          maxIter: 15,
          tol: 0,
          seed: 3,
          normalizeInitial: false,
        };
        const fit = await trainKMeans(points, settings, () => undefined);
        points.close();
        return fit;
      },
      [3, 4],
    );
  });
});

it("ALS survives the death of pass threads with the same factors", async () => {
  const random = generator(5);
  const count = 60_000;
  const part: RatingsPart = {
    count,
    users: new SharedArrayBuffer(4 * count),
    items: new SharedArrayBuffer(4 * count),
    ratings: new SharedArrayBuffer(4 * count),
  };
  new Int32Array(part.users).forEach((_, i, users) => (users[i] = Math.floor(random() * 900)));
  new Int32Array(part.items).forEach((_, i, items) => (items[i] = Math.floor(random() * 400)));
  new Float32Array(part.ratings).forEach((_, i, ratings) => (ratings[i] = 1 + random()));
  const settings = {
    rank: 8,
    maxIter: 6,
    regParam: 0.1,
    implicitPrefs: true,
    alpha: 1,
    nonnegative: false,
    seed: 7,
    numUserBlocks: 10,
    numItemBlocks: 10,
  };
  await disturbedEquals(
    (open) =>
      trainAls([part], settings, {
        open,
        pieces: 8,
        onIteration: () => undefined,
      }),
    [6, 7],
  );
});

it("threads that die again and again end the passes with an error that says so", async () => {
  const pool = newPool();
  const layout = await trainingLayout(
    batchesOf({ rows: 20_000, size: 10, form: "dense", classes: 2 }, 4_096),
    Infinity,
    images.directory,
    { classes: 2 },
  );
  const { loss, close } = openLinearLoss(layout, (request) => pool.openPasses(request), {
    kind: "logistic",
    epsilon: 0,
  });
  await loss(new Float64Array(10), 0, 1);
  for (let kill = 0; kill < 5; kill++) await pool.killThread(0);
  await expect(loss(new Float64Array(10), 0, 1)).rejects.toMatchObject({
    condition: "WORKER_LOST",
    message: expect.stringContaining("died 5 times in a row"),
  });
  close();
  const next = openLinearLoss(layout, (request) => pool.openPasses(request), { kind: "logistic", epsilon: 0 });
  expect((await next.loss(new Float64Array(10), 0, 1)).loss).toBeGreaterThan(0);
  next.close();
});

it("an aborted signal stops a pass in the middle and leaves the pool usable", async () => {
  const pool = newPool();
  const layout = await trainingLayout(
    batchesOf({ rows: 60_000, size: 10, form: "dense", classes: 2 }, 4_096),
    0,
    images.directory,
    { classes: 2, blockBytes: 2 ** 15 },
  );
  const abort = new AbortController();
  const passes = { ...layout.passes, signal: abort.signal };
  const stopped = openLinearLoss({ ...layout, passes }, (request) => pool.openPasses(request), {
    kind: "logistic",
    epsilon: 0,
  });
  const running = stopped.loss(new Float64Array(10), 0, 1);
  abort.abort(new Error("enough"));
  await expect(running).rejects.toThrow("enough");
  await expect(stopped.loss(new Float64Array(10), 0, 1)).rejects.toThrow("enough");
  stopped.close();
  const next = openLinearLoss(layout, (request) => pool.openPasses(request), { kind: "logistic", epsilon: 0 });
  expect((await next.loss(new Float64Array(10), 0, 1)).loss).toBeGreaterThan(0);
  next.close();
});
