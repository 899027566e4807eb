/** Whether each code unit of the text is one character. */
export const isBasic = (text: string): boolean => !/[\ud800-\udfff]/.test(text);

/** Number of characters (code points). */
export function characterCount(text: string): number {
  if (isBasic(text)) return text.length;
  let n = 0;
  for (const _ of text) n++;
  return n;
}

/** Characters from `start` up to `end` (0 is the first). */
export function characters(text: string, start: number, end: number): string {
  return isBasic(text) ? text.slice(start, end) : [...text].slice(start, end).join("");
}
