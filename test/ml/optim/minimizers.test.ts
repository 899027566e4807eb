import { describe, expect, it } from "vitest";
import { lbfgs, lbfgsb, owlqn, type CostFunction } from "../../../src/ml/optim/index.js";

/** Rosenbrock's valley in pairs of variables. */
const rosenbrock: CostFunction = async (x) => {
  const gradient = new Float64Array(x.length);
  let value = 0;
  for (let i = 0; i < x.length; i += 2) {
    const [a, b] = [1 - x[i], x[i + 1] - x[i] ** 2];
    value += a * a + 100 * b * b;
    gradient[i] = -2 * a - 400 * x[i] * b;
    gradient[i + 1] = 200 * b;
  }
  return { value, gradient };
};
/** Half the squared distance to a point. */
const distanceTo =
  (...point: number[]): CostFunction =>
  async (x) => {
    const gradient = x.map((v, i) => v - point[i]);
    return { value: gradient.reduce((sum, g) => sum + (g * g) / 2, 0), gradient };
  };
const options = { maxIter: 200, tolerance: 1e-12 };
const expectClose = (x: Float64Array, expected: readonly number[], digits = 6): void =>
  expected.forEach((v, i) => expect(x[i]).toBeCloseTo(v, digits));

describe("L-BFGS", () => {
  it("finds the minimum of a curved valley and reports a falling objective", async () => {
    const { x, objectiveHistory, reason } = await lbfgs(rosenbrock, Float64Array.of(-1.2, 1, -1.2, 1), options);
    expectClose(x, [1, 1, 1, 1]);
    expect(reason).not.toBe("max-iterations");
    objectiveHistory.slice(1).forEach((v, i) => expect(v).toBeLessThanOrEqual(objectiveHistory[i]));
  });
  it("leaves the starting point alone and stops at once when no iteration is allowed", async () => {
    const start = Float64Array.of(3, 4);
    const result = await lbfgs(rosenbrock, start, { maxIter: 0, tolerance: 0 });
    expect(result).toMatchObject({ reason: "max-iterations", objectiveHistory: [result.value] });
    expect(Array.from(start)).toEqual([3, 4]);
  });
  it("reports every iteration", async () => {
    const seen: number[] = [];
    await lbfgs(rosenbrock, Float64Array.of(0, 0), {
      ...options,
      maxIter: 3,
      onIteration: (s) => seen.push(s.iteration),
    });
    expect(seen).toEqual([1, 2, 3]);
  });
  it("halves the step where the objective is infinite", async () => {
    const barrier: CostFunction = async ([x]) =>
      x <= 0
        ? { value: Infinity, gradient: Float64Array.of(0) }
        : { value: x - Math.log(x), gradient: Float64Array.of(1 - 1 / x) };
    expectClose((await lbfgs(barrier, Float64Array.of(2), options)).x, [1]);
  });
  it("restarts once, then gives up, and repeats the objective in its history", async () => {
    // The gradient points uphill: no step can ever be found.
    const broken: CostFunction = async ([x]) => ({ value: x * x, gradient: Float64Array.of(-2 * x - 1) });
    const { reason, objectiveHistory } = await lbfgs(broken, Float64Array.of(1), options);
    expect(reason).toBe("search-failed");
    expect(objectiveHistory).toEqual([1, 1, 1]);
  });
  it("lets other errors through", async () => {
    const failing: CostFunction = () => Promise.reject(new RangeError("lost a worker"));
    await expect(lbfgs(failing, Float64Array.of(1), options)).rejects.toThrow("lost a worker");
  });
});

describe("OWL-QN", () => {
  it("thresholds softly, component by component", async () => {
    const weights = [1, 1, 0, 5];
    const { x } = await owlqn(distanceTo(3, -0.5, 2, 4), new Float64Array(4), { ...options, l1: (i) => weights[i] });
    expectClose(x, [2, 0, 2, 0]);
    expect([x[1], x[3]]).toEqual([0, 0]);
  });
});

describe("L-BFGS-B", () => {
  it("stops at the bounds that are in the way", async () => {
    const bounds = { lower: Float64Array.of(-1, -Infinity, 0), upper: Float64Array.of(1, Infinity, 9) };
    const { x, reason } = await lbfgsb(distanceTo(3, -7, -2), new Float64Array(3), { ...options, ...bounds });
    expectClose(x, [1, -7, 0]);
    expect(reason).toBe("bounds-converged");
  });
  it("follows the valley when the bounds are wide, and along an edge when they are not", async () => {
    const free = { lower: Float64Array.of(-5, -5), upper: Float64Array.of(5, 5) };
    expectClose((await lbfgsb(rosenbrock, Float64Array.of(-1.2, 1), { ...options, ...free })).x, [1, 1], 4);
    const edge = { lower: Float64Array.of(-5, -5), upper: Float64Array.of(0.5, 5) };
    expectClose((await lbfgsb(rosenbrock, Float64Array.of(-1.2, 1), { ...options, ...edge })).x, [0.5, 0.25], 4);
  });
});
