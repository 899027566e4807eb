import { f32Column, i32Column } from "../../columnar/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import { type FactorTable, rowOf } from "./factor-table.js";
import { type IdColumn, readIds } from "./id-column.js";

export interface PredictRatingsPayload {
  readonly user: IdColumn;
  readonly item: IdColumn;
  readonly users: FactorTable;
  readonly items: FactorTable;
  /** Whether rows without prediction are dropped. */
  readonly drop: boolean;
}

/** Checked ids as int, and the predicted rating: NaN where the user or the item was not in training. */
export const predictRatings = defineBatchFunction<PredictRatingsPayload>({
  name: "ml.als.predict",
  open:
    ({ user, item, users, items, drop }) =>
    (columns, numRows) => {
      const userIds = readIds(columns[0], numRows, user);
      const itemIds = readIds(columns[1], numRows, item);
      const predictions = new Float32Array(numRows);
      for (let i = 0; i < numRows; i++) {
        predictions[i] = product(users, rowOf(users.ids, userIds[i]), items, rowOf(items.ids, itemIds[i]));
      }
      if (!drop) return { columns: [i32Column(userIds), i32Column(itemIds), f32Column(predictions)] };
      const selection = new Int32Array(numRows);
      let kept = 0;
      for (let i = 0; i < numRows; i++) {
        if (Number.isNaN(predictions[i])) continue;
        userIds[kept] = userIds[i];
        itemIds[kept] = itemIds[i];
        predictions[kept] = predictions[i];
        selection[kept++] = i;
      }
      const made = [
        i32Column(userIds.slice(0, kept)),
        i32Column(itemIds.slice(0, kept)),
        f32Column(predictions.slice(0, kept)),
      ];
      return { columns: made, selection: selection.slice(0, kept) };
    },
});

/** Dot product in single precision, as Spark adds it up. */
function product(users: FactorTable, user: number, items: FactorTable, item: number): number {
  if (user < 0 || item < 0) return Number.NaN;
  const { rank } = users;
  let sum = 0;
  for (let f = 0; f < rank; f++) {
    sum = Math.fround(sum + Math.fround(users.values[user * rank + f] * items.values[item * rank + f]));
  }
  return sum;
}
