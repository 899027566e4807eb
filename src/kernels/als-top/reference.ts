/** Scalar reference of `als_top` for one user: the best `num` columns, best first, of equal scores the higher column first. */
export function top(
  user: ArrayLike<number>,
  items: readonly ArrayLike<number>[],
  num: number,
): { column: number; score: number }[] {
  const scored = items.map((item, column) => {
    let score = 0;
    for (let f = 0; f < item.length; f++) score += user[f] * item[f];
    return { column, score };
  });
  scored.sort((a, b) => b.score - a.score || b.column - a.column);
  return scored.slice(0, num);
}
