import type { InputSplit, SourceFile } from "../../sql/source/index.js";

/** Splits of about `maxBytes` that cover the file; an empty file gives none. */
export function byteRanges(file: SourceFile, maxBytes: number): InputSplit[] {
  const splits: InputSplit[] = [];
  for (let start = 0; start < file.size; start += maxBytes) {
    splits.push({ file, start, end: Math.min(file.size, start + maxBytes) });
  }
  return splits;
}
