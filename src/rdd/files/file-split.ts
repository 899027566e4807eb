/** A file to read. */
export interface InputFile {
  readonly path: string;
  readonly size: number;
}

/** A stretch of a file that one partition reads: the records that begin in it. */
export interface FileSplit {
  readonly path: string;
  readonly start: number;
  readonly length: number;
}

/** Block size that Hadoop assumes of the local file system, in bytes. */
export const LOCAL_BLOCK_BYTES = 32 * 2 ** 20;
/** The last split of a file may be this much larger than the others. */
const SLOP = 1.1;

/** Cuts a file into stretches of `splitBytes`; an empty file has none. */
export function splitFile({ path, size }: InputFile, splitBytes: number): FileSplit[] {
  const splits: FileSplit[] = [];
  let rest = size;
  for (; rest / splitBytes > SLOP; rest -= splitBytes) splits.push({ path, start: size - rest, length: splitBytes });
  if (rest > 0) splits.push({ path, start: size - rest, length: rest });
  return splits;
}

/** Splits of text files as Hadoop's `FileInputFormat.getSplits` makes them, about `numSplits` in all. */
export function textSplits(
  files: readonly InputFile[],
  numSplits: number,
  isSplittable: (path: string) => boolean,
): FileSplit[] {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const goal = Math.floor(total / Math.max(numSplits, 1));
  const splitBytes = Math.max(1, Math.min(goal, LOCAL_BLOCK_BYTES));
  return files.flatMap((file) => splitFile(file, isSplittable(file.path) ? splitBytes : Math.max(file.size, 1)));
}

/** Splits of files of fixed-length records: blocks rounded down to whole records. */
export function recordSplits(files: readonly InputFile[], recordLength: number): FileSplit[] {
  const splitBytes = Math.max(recordLength, LOCAL_BLOCK_BYTES - (LOCAL_BLOCK_BYTES % recordLength));
  return files.flatMap((file) => splitFile(file, splitBytes));
}

/** Puts whole files together until `maxBytes` are reached, as Hadoop's `CombineFileInputFormat` on one host does. */
export function combineFiles(files: readonly InputFile[], maxBytes: number): InputFile[][] {
  const groups: InputFile[][] = [];
  let group: InputFile[] = [];
  let bytes = 0;
  for (const file of files) {
    group.push(file);
    bytes += file.size;
    if (maxBytes !== 0 && bytes >= maxBytes) {
      groups.push(group);
      group = [];
      bytes = 0;
    }
  }
  if (group.length > 0) groups.push(group);
  return groups;
}
