import { isNull, type NumberColumn } from "../../columnar/index.js";
import { definePartitionFunction } from "../../exec/index.js";
import { raised } from "../base/index.js";
import type { RatingsPart } from "./als-index-pass.js";
import { type IdColumn, readIds } from "./id-column.js";

export interface ReadRatingsPayload {
  readonly user: IdColumn;
  readonly item: IdColumn;
}

/** Copies one partition's checked ratings (columns user, item, rating as float) into shared memory. */
export const readRatings = definePartitionFunction<ReadRatingsPayload, RatingsPart>({
  name: "ml.als.ratings",
  async run({ user, item }, batches, context) {
    const parts: { users: Int32Array; items: Int32Array; ratings: Float32Array }[] = [];
    for await (const { numRows, columns } of batches) {
      context.checkCancelled();
      parts.push({
        users: readIds(columns[0], numRows, user),
        items: readIds(columns[1], numRows, item),
        ratings: checkedRatings(columns[2] as NumberColumn, numRows),
      });
    }
    const count = parts.reduce((sum, part) => sum + part.users.length, 0);
    const [users, items, ratings] = [0, 1, 2].map(() => new SharedArrayBuffer(4 * count));
    let at = 0;
    for (const part of parts) {
      new Int32Array(users).set(part.users, at);
      new Int32Array(items).set(part.items, at);
      new Float32Array(ratings).set(part.ratings, at);
      at += part.users.length;
    }
    return { count, users, items, ratings };
  },
});

function checkedRatings(column: NumberColumn, numRows: number): Float32Array {
  const ratings = new Float32Array(numRows);
  for (let i = 0; i < numRows; i++) {
    const rating = column.values[i];
    if (Number.isNaN(rating) || isNull(column, i)) throw raised("Ratings MUST NOT be Null or NaN");
    if (!Number.isFinite(rating)) throw raised(`Ratings MUST NOT be Infinity, but got ${rating}`);
    ratings[i] = rating;
  }
  return ratings;
}
