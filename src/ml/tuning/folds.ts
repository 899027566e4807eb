import { type Column as BatchColumn, isNull, valueAt } from "../../columnar/index.js";
import { IllegalArgumentException, javaDouble } from "../../common/index.js";
import { definePartitionFunction } from "../../exec/index.js";
import { type DataFrame, F, type RunOptions } from "../../sql/api/index.js";
import { namedColumn, raised } from "../base/index.js";

/** One way of splitting the data. */
export interface Fold {
  readonly train: DataFrame;
  readonly validation: DataFrame;
}

/** The data with a column of random numbers in [0, 1), drawn as Spark's `rand(seed)`. */
export const withRandom = (df: DataFrame, column: string, seed: number | bigint): DataFrame =>
  df.select("*", F.rand(seed).alias(column));

/** Folds by random numbers: fold i holds the rows whose number lies in [i/k, (i+1)/k). */
export function randomFolds(df: DataFrame, column: string, numFolds: number): Fold[] {
  const width = 1 / numFolds;
  return Array.from({ length: numFolds }, (_, i) => {
    const random = namedColumn(column);
    const inside = random.geq(i * width).and(random.lt((i + 1) * width));
    return { train: df.filter(inside.not()), validation: df.filter(inside) };
  });
}

/** Folds by a column of fold numbers, which must be in [0, numFolds); no side of any fold may be empty. */
export async function columnFolds(
  df: DataFrame,
  column: string,
  numFolds: number,
  options: RunOptions,
): Promise<Fold[]> {
  const parts = await df.select(namedColumn(column)).runPartitions<number[]>(countFolds.name, numFolds, options);
  const counts = Array.from({ length: numFolds }, (_, fold) => parts.reduce((sum, part) => sum + part[fold], 0));
  const rows = counts.reduce((sum, count) => sum + count, 0);
  counts.forEach((count, fold) => {
    if (count === rows) throw empty("training", fold);
    if (count === 0) throw empty("validation", fold);
  });
  return counts.map((_, fold) => ({
    train: df.filter(namedColumn(column).notEqual(fold)),
    validation: df.filter(namedColumn(column).eq(fold)),
  }));
}

const empty = (side: string, fold: number): IllegalArgumentException =>
  new IllegalArgumentException(`The ${side} data at fold ${fold} is empty.`);

/** Rows of each fold in one partition. */
const countFolds = definePartitionFunction<number, number[]>({
  name: "ml.tuning.folds",
  async run(numFolds, batches, context) {
    const counts = new Array<number>(numFolds).fill(0);
    for await (const { columns, numRows } of batches) {
      context.checkCancelled();
      for (let i = 0; i < numRows; i++) {
        const fold = isNull(columns[0], i) ? Number.NaN : Number(valueAt(columns[0], i));
        if (!(fold >= 0 && fold < numFolds)) {
          throw raised(`Fold number must be in range [0, ${numFolds}), but got ${show(columns[0], i)}`);
        }
        // A number between two folds is trained on in all of them, as in Spark.
        if (Number.isInteger(fold)) counts[fold]++;
      }
    }
    return counts;
  },
});

function show(column: BatchColumn, row: number): string {
  const value = valueAt(column, row);
  const fractional = column.layout === "f64" || column.layout === "f32";
  return fractional && value !== null ? javaDouble(value as number) : String(value);
}
