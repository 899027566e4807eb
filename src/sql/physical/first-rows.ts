/** Rows where the keys `known .. count - 1` appear first. */
export function firstRows(ids: Int32Array, known: number, count: number): Int32Array {
  const rows = new Int32Array(count - known);
  let next = known;
  for (let row = 0; next < count; row++) if (ids[row] === next) rows[next++ - known] = row;
  return rows;
}
