import { type Column, isNull, valueAt } from "../../../columnar/index.js";
import { IllegalArgumentException, javaDouble, NoSuchElementException } from "../../../common/index.js";
import { definePartitionFunction } from "../../../exec/index.js";
import { DenseMatrix, type Vector } from "../../../linalg/index.js";
import type { DataFrame } from "../../../sql/api/index.js";
import { checkWeight, doubleColumn, doublesOf, namedColumn, require } from "../../base/index.js";

export interface MulticlassRequest {
  readonly predictionCol: string;
  readonly labelCol: string;
  readonly weightCol?: string | undefined;
  /** Present when the log loss is wanted: vectors of class probabilities and Spark's `eps`. */
  readonly logLoss?: { readonly probabilityCol: string; readonly eps: number };
}

/** Weight of the rows of each (label, prediction). */
type Confusion = readonly (readonly [label: number, prediction: number, weight: number])[];
interface Counts {
  readonly confusion: Confusion;
  readonly loss: number;
  readonly weight: number;
}

/** Metrics of predicted classes, computed once from the confusion counts. */
export class MulticlassMetrics {
  private readonly byLabel = new Map<number, number>();
  private readonly truePositive = new Map<number, number>();
  private readonly falsePositive = new Map<number, number>();
  private readonly total: number;

  constructor(
    private readonly confusion: Confusion,
    /** Mean negative log probability of the true class; undefined unless it was asked for. */
    readonly logLoss?: number,
  ) {
    const add = (map: Map<number, number>, key: number, weight: number): void =>
      void map.set(key, (map.get(key) ?? 0) + weight);
    for (const [label, prediction, weight] of confusion) {
      add(this.byLabel, label, weight);
      add(this.truePositive, label, label === prediction ? weight : 0);
      add(this.falsePositive, prediction, label === prediction ? 0 : weight);
    }
    this.total = sum(this.byLabel.values());
  }

  /** Labels that occur, ascending. */
  get labels(): readonly number[] {
    return [...this.byLabel.keys()].sort((a, b) => a - b);
  }
  /** Rows: labels; columns: predictions, both in the order of {@link labels}. */
  get confusionMatrix(): DenseMatrix {
    const { labels } = this;
    const n = labels.length;
    const values = new Float64Array(n * n);
    for (const [label, prediction, weight] of this.confusion) {
      const column = labels.indexOf(prediction);
      if (column >= 0) values[labels.indexOf(label) + column * n] = weight;
    }
    return new DenseMatrix(n, n, values);
  }
  get accuracy(): number {
    return sum(this.truePositive.values()) / this.total;
  }
  get hammingLoss(): number {
    return sum(this.confusion.filter(([l, p]) => l !== p).map(([, , weight]) => weight)) / this.total;
  }

  truePositiveRate(label: number): number {
    return this.recall(label);
  }
  falsePositiveRate(label: number): number {
    return (this.falsePositive.get(label) ?? 0) / (this.total - known(this.byLabel, label));
  }
  precision(label: number): number {
    const right = known(this.truePositive, label);
    const predicted = right + (this.falsePositive.get(label) ?? 0);
    return predicted === 0 ? 0 : right / predicted;
  }
  recall(label: number): number {
    return known(this.truePositive, label) / known(this.byLabel, label);
  }
  fMeasure(label: number, beta = 1): number {
    const precision = this.precision(label);
    const recall = this.recall(label);
    const squared = beta * beta;
    return precision + recall === 0 ? 0 : ((1 + squared) * precision * recall) / (squared * precision + recall);
  }

  get weightedTruePositiveRate(): number {
    return this.weightedRecall;
  }
  get weightedFalsePositiveRate(): number {
    return this.weighted((label) => this.falsePositiveRate(label));
  }
  get weightedRecall(): number {
    return this.weighted((label) => this.recall(label));
  }
  get weightedPrecision(): number {
    return this.weighted((label) => this.precision(label));
  }
  weightedFMeasure(beta = 1): number {
    return this.weighted((label) => this.fMeasure(label, beta));
  }

  private weighted(metric: (label: number) => number): number {
    let mean = 0;
    for (const [label, weight] of this.byLabel) mean += (metric(label) * weight) / this.total;
    return mean;
  }
}

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

function known(map: ReadonlyMap<number, number>, label: number): number {
  const found = map.get(label);
  if (found === undefined) {
    throw new NoSuchElementException(`key not found: ${javaDouble(label)}; no row has this label`);
  }
  return found;
}

/** Counts labels and predictions on the workers. */
export async function multiclassMetrics(df: DataFrame, request: MulticlassRequest): Promise<MulticlassMetrics> {
  const { predictionCol, labelCol, weightCol, logLoss } = request;
  const columns = [doubleColumn(predictionCol), doubleColumn(labelCol)];
  if (weightCol) columns.push(doubleColumn(weightCol));
  if (logLoss) columns.push(namedColumn(logLoss.probabilityCol));
  const payload: CountPayload = { weighted: Boolean(weightCol), eps: logLoss?.eps };
  const parts = await df.select(...columns).runPartitions<Counts>(countClasses.name, payload);
  const confusion = new ConfusionCounter();
  for (const part of parts)
    for (const [label, prediction, weight] of part.confusion) confusion.add(label, prediction, weight);
  const loss = logLoss && sum(parts.map((part) => part.loss)) / sum(parts.map((part) => part.weight));
  return new MulticlassMetrics(confusion.entries(), loss);
}

class ConfusionCounter {
  private readonly weights = new Map<number, Map<number, number>>();

  add(label: number, prediction: number, weight: number): void {
    let row = this.weights.get(label);
    if (!row) this.weights.set(label, (row = new Map()));
    row.set(prediction, (row.get(prediction) ?? 0) + weight);
  }
  entries(): Confusion {
    return [...this.weights].flatMap(([label, row]) => [...row].map(([p, weight]) => [label, p, weight] as const));
  }
}

interface CountPayload {
  readonly weighted: boolean;
  readonly eps: number | undefined;
}

const countClasses = definePartitionFunction<CountPayload, Counts>({
  name: "ml.evaluation.classes",
  async run({ weighted, eps }, batches, context) {
    const confusion = new ConfusionCounter();
    let loss = 0;
    let weightSum = 0;
    for await (const { columns, numRows } of batches) {
      context.checkCancelled();
      const predictions = doublesOf(columns[0], numRows);
      const labels = doublesOf(columns[1], numRows);
      const weights = weighted ? doublesOf(columns[2], numRows) : undefined;
      const probabilities = columns[weighted ? 3 : 2];
      for (let i = 0; i < numRows; i++) {
        const weight = weights ? weights[i] : 1;
        if (weights) checkWeight(weight);
        confusion.add(labels[i], predictions[i], weight);
        if (eps !== undefined) loss += weight * rowLoss(labels[i], probabilities, i, eps);
        weightSum += weight;
      }
    }
    return { confusion: confusion.entries(), loss, weight: weightSum };
  },
});

/** Negative log of the probability of the label, kept within `eps` of 0 and 1. */
function rowLoss(label: number, probabilities: Column, row: number, eps: number): number {
  require(Number.isInteger(label) && label >= 0, () => `Invalid label ${javaDouble(label)}`);
  require(!isNull(probabilities, row), () => "probability of each class can not be null");
  const vector = valueAt(probabilities, row) as Vector;
  if (label >= vector.size) {
    throw new IllegalArgumentException(`label ${javaDouble(label)} has no probability: the vector has ${vector.size}`);
  }
  const p = vector.get(label);
  if (p < eps) return -Math.log(eps);
  return p > 1 - eps ? -Math.log1p(-eps) : -Math.log(p);
}
