import { readFileSync } from "node:fs";
import {
  Matrices,
  Vectors,
  type Matrix,
  type MatrixJson,
  type Vector,
  type VectorJson,
} from "../../../src/linalg/index.js";
import { linearLoss, type LinearLossKind, type LossRows } from "../../../src/kernels/linear-loss/index.js";
import { softmaxLoss } from "../../../src/kernels/softmax-loss/index.js";
import { gram } from "../../../src/kernels/gram/index.js";
import type { LinearLoss, MomentSums, SoftmaxLoss } from "../../../src/ml/optim/index.js";

type Json = Record<string, unknown>;
interface StageJson {
  readonly params: { readonly inputCols: string[] };
}
export interface RecordedFit {
  readonly id: string;
  readonly params: Json;
  readonly data: { readonly file: string };
  readonly prepare: readonly StageJson[];
  readonly expect: {
    readonly model: Json;
    readonly summary: { readonly objectiveHistory: number[]; readonly totalIterations: number };
  };
}

const file = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

/** A case of a golden file, by its id. */
export function recordedFit(className: string, id: string): RecordedFit {
  const { cases } = JSON.parse(file(`test/golden/ml/${className}.json`)) as { cases: RecordedFit[] };
  return cases.find((c) => c.id === id)!;
}

/** The case's training rows, read from its CSV file with plain JavaScript. */
export function trainingRows({ data, prepare, params }: RecordedFit): LossRows & { readonly rows: number[][] } {
  const [header, ...lines] = file(`datasets/${data.file}`).trim().split("\n");
  const names = header.split(",");
  const table = lines.map((line) => line.split(",").map(Number));
  const column = (name: string): number[] => table.map((row) => row[names.indexOf(name)]);
  const columns = prepare[0].params.inputCols.map(column);
  const rows = table.map((_, i) => columns.map((values) => values[i]));
  const labels = column((params.labelCol as string | undefined) ?? "label");
  return { rows, labels, weights: params.weightCol ? column(params.weightCol as string) : undefined };
}

/** Weighted means and unbiased deviations, in two passes. */
export function statistics({ rows, labels, weights }: LossRows) {
  const w = Array.from(labels, (_, i) => (weights ? weights[i] : 1));
  const total = w.reduce((a, b) => a + b, 0);
  const freedom = total - w.reduce((a, b) => a + b * b, 0) / total;
  const meanOf = (at: (i: number) => number): number => w.reduce((sum, q, i) => sum + q * at(i), 0) / total;
  const stdOf = (at: (i: number) => number, mean: number): number =>
    Math.sqrt(w.reduce((sum, q, i) => sum + q * (at(i) - mean) ** 2, 0) / freedom);
  const d = rows[0].length;
  const mean = Float64Array.from({ length: d }, (_, j) => meanOf((i) => rows[i][j]));
  const std = mean.map((m, j) => stdOf((i) => rows[i][j], m));
  const labelMean = meanOf((i) => labels[i]);
  const histogram: number[] = [];
  Array.from(labels).forEach((y, i) => (histogram[y] = (histogram[y] ?? 0) + w[i]));
  const labelStd = stdOf((i) => labels[i], labelMean);
  return { count: w.length, weightSum: total, mean, std, labelMean, labelStd, histogram };
}

export const plainLoss =
  (kind: LinearLossKind, rows: LossRows, epsilon = 1.35): LinearLoss =>
  async (w, offset, sigma) => {
    const [loss, multipliers, sigmaSlope, ...gradient] = linearLoss(kind, rows, w, offset, sigma, epsilon);
    return { loss, multipliers, sigmaSlope, gradient: Float64Array.from(gradient) };
  };
export const plainSoftmax =
  (rows: LossRows): SoftmaxLoss =>
  async (w, offsets) => {
    const sums = softmaxLoss(rows, w, offsets);
    const k = offsets.length;
    return { loss: sums[0], multipliers: sums.slice(1, 1 + k), gradient: sums.slice(1 + k) };
  };

/** Sums for the normal equations about a shift (features, then label), from the scalar Gram matrix. */
export function momentSums({ rows, labels, weights }: LossRows, shift?: ArrayLike<number>): MomentSums {
  const d = rows[0].length;
  const about = Float64Array.from(shift ?? new Float64Array(d + 1));
  const packed = gram(rows, labels, weights, about);
  const at = (j: number): number => (j * (j + 1)) / 2;
  return {
    numFeatures: d,
    count: rows.length,
    shift: about.slice(0, d),
    labelShift: about[d],
    w: packed[at(d + 1) + d + 1],
    b: packed[at(d + 1) + d],
    bb: packed[at(d) + d],
    a: packed.slice(at(d + 1), at(d + 1) + d),
    ab: packed.slice(at(d), at(d) + d),
    aa: packed.slice(0, at(d)),
  };
}

export const matrixOf = (json: unknown): Matrix | undefined =>
  json ? Matrices.fromJson(json as MatrixJson) : undefined;
export const vectorOf = (json: unknown): Vector | undefined =>
  json ? Vectors.fromJson(json as VectorJson) : undefined;
