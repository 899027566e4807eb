/** Breeze's text of a dense matrix, cut to a terminal of 80 x 24 unless told otherwise: that is what Spark prints. */
export function gridText(
  rows: number,
  cols: number,
  cell: (row: number, col: number) => string,
  maxLines = 21,
  maxWidth = 80,
): string {
  const shown = rows > maxLines ? maxLines - 1 : rows;
  const widths: number[] = [];
  let total = 0;
  for (let j = 0; j < cols && total < maxWidth; j++) {
    let width = 0;
    for (let i = 0; i < shown; i++) width = Math.max(width, cell(i, j).length + 2);
    widths.push(width);
    total += width;
  }
  while (widths.length < cols && total + String(cols).length + 12 >= maxWidth) {
    if (widths.length === 0) return `${rows} x ${cols} matrix`;
    total -= widths.pop()!;
  }
  const lines: string[] = [];
  for (let i = 0; i < shown; i++) {
    let line = widths.map((width, j) => cell(i, j).padEnd(width)).join("");
    if (widths.length < cols) line += i === 0 ? `... (${cols} total)` : "...";
    lines.push(line);
  }
  if (rows > shown) lines.push(`... (${rows} total)`);
  return lines.join("\n");
}
