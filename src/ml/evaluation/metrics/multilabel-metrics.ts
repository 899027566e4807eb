import { isNull, type ListColumn, type NumberColumn } from "../../../columnar/index.js";
import { javaDouble, NoSuchElementException, SparkRuntimeException } from "../../../common/index.js";
import { definePartitionFunction } from "../../../exec/index.js";
import type { DataFrame } from "../../../sql/api/index.js";
import { namedColumn } from "../../base/index.js";

export interface MultilabelRequest {
  /** Arrays of double: predicted and true labels of each row. */
  readonly predictionCol: string;
  readonly labelCol: string;
}

/** True positives, false positives and false negatives of one label. */
type LabelCounts = readonly [right: number, wrong: number, missed: number];

interface Counts {
  readonly rows: number;
  readonly exact: number;
  /** Sums over the rows of each row's metric. */
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly byLabel: ReadonlyMap<number, LabelCounts>;
}

/** Metrics of predicted label sets (repeated labels count repeatedly, as in Spark). */
export class MultilabelMetrics {
  constructor(private readonly counts: Counts) {}

  get subsetAccuracy(): number {
    return this.counts.exact / this.counts.rows;
  }
  get accuracy(): number {
    return this.counts.accuracy / this.counts.rows;
  }
  get precision(): number {
    return this.counts.precision / this.counts.rows;
  }
  get recall(): number {
    return this.counts.recall / this.counts.rows;
  }
  get f1Measure(): number {
    return this.counts.f1 / this.counts.rows;
  }
  get hammingLoss(): number {
    const { wrong, missed } = this.totals;
    const labels = [...this.counts.byLabel.values()].filter(([right, , lost]) => right + lost > 0).length;
    return (wrong + missed) / (this.counts.rows * labels);
  }
  get microPrecision(): number {
    const { right, wrong } = this.totals;
    return right / (right + wrong);
  }
  get microRecall(): number {
    const { right, missed } = this.totals;
    return right / (right + missed);
  }
  get microF1Measure(): number {
    const { right, wrong, missed } = this.totals;
    return (2 * right) / (2 * right + wrong + missed);
  }
  precisionByLabel(label: number): number {
    const [right, wrong] = this.of(label);
    return right / (right + wrong);
  }
  recallByLabel(label: number): number {
    const [right, , missed] = this.of(label);
    return right / (right + missed);
  }
  f1MeasureByLabel(label: number): number {
    const precision = this.precisionByLabel(label);
    const recall = this.recallByLabel(label);
    return (2 * precision * recall) / (precision + recall);
  }

  /** Counts of a label that was predicted rightly at least once; Spark knows no other. */
  private of(label: number): LabelCounts {
    const found = this.counts.byLabel.get(label);
    if (found && found[0] > 0) return found;
    throw new NoSuchElementException(`key not found: ${javaDouble(label)}; no row has this label predicted rightly`);
  }

  private get totals(): { readonly right: number; readonly wrong: number; readonly missed: number } {
    let [right, wrong, missed] = [0, 0, 0];
    for (const [r, w, m] of this.counts.byLabel.values()) {
      right += r;
      wrong += w;
      missed += m;
    }
    return { right, wrong, missed };
  }
}

/** Counts predicted and true labels on the workers. */
export async function multilabelMetrics(df: DataFrame, request: MultilabelRequest): Promise<MultilabelMetrics> {
  const rows = df.select(namedColumn(request.predictionCol), namedColumn(request.labelCol));
  const parts = await rows.runPartitions<Counts>(countLabelSets.name, null);
  const sum = (of: (part: Counts) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const byLabel = new Map<number, LabelCounts>();
  for (const part of parts) for (const [label, counts] of part.byLabel) add(byLabel, label, counts);
  return new MultilabelMetrics({
    rows: sum((part) => part.rows),
    exact: sum((part) => part.exact),
    accuracy: sum((part) => part.accuracy),
    precision: sum((part) => part.precision),
    recall: sum((part) => part.recall),
    f1: sum((part) => part.f1),
    byLabel,
  });
}

function add(map: Map<number, LabelCounts>, label: number, [right, wrong, missed]: LabelCounts): void {
  const [r, w, m] = map.get(label) ?? [0, 0, 0];
  map.set(label, [r + right, w + wrong, m + missed]);
}

const countLabelSets = definePartitionFunction<null, Counts>({
  name: "ml.evaluation.label-sets",
  async run(_payload, batches, context) {
    const sums = { rows: 0, exact: 0, accuracy: 0, precision: 0, recall: 0, f1: 0 };
    const byLabel = new Map<number, LabelCounts>();
    for await (const { columns, numRows } of batches) {
      context.checkCancelled();
      for (let i = 0; i < numRows; i++) {
        const [predicted, labels] = columns.map((column) => {
          if (isNull(column, i)) throw new SparkRuntimeException("An array of labels is null.");
          const { offsets, child } = column as ListColumn;
          return ((child as NumberColumn).values as Float64Array).subarray(offsets[i], offsets[i + 1]);
        });
        const common = countRow(byLabel, predicted, labels);
        sums.rows++;
        if (predicted.length === labels.length && predicted.every((v, k) => v === labels[k])) sums.exact++;
        sums.accuracy += common / (labels.length + predicted.length - common);
        sums.precision += predicted.length === 0 ? 0 : common / predicted.length;
        sums.recall += common / labels.length;
        sums.f1 += (2 * common) / (predicted.length + labels.length);
      }
    }
    return { ...sums, byLabel };
  },
});

/** Counts one row's labels and returns how many were predicted. */
function countRow(byLabel: Map<number, LabelCounts>, predicted: Float64Array, labels: Float64Array): number {
  const open = new Map<number, number>();
  for (const label of labels) open.set(label, (open.get(label) ?? 0) + 1);
  let common = 0;
  for (const label of predicted) {
    const left = open.get(label) ?? 0;
    if (left > 0) {
      open.set(label, left - 1);
      common++;
    }
    add(byLabel, label, left > 0 ? [1, 0, 0] : [0, 1, 0]);
  }
  for (const [label, left] of open) if (left > 0) add(byLabel, label, [0, 0, left]);
  return common;
}
