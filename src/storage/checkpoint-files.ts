import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BlockFileWriter, diskError, readBlockFile, type Batch } from "../columnar/index.js";
import { SparkException } from "../common/index.js";
import type { BlockFile } from "../memory/index.js";

/**
 * Reliable checkpoints: `<checkpoint dir>/<uuid>/rdd-<id>/part-00000`, one file a partition. A part holds Arrow streams one
 * after the other; `.part-00000.json` beside it lists them with their checksums.
 */
export const newCheckpointDirectory = (directory: string): string => {
  const path = join(directory, randomUUID());
  makeDirectory(path);
  return path;
};

export const partName = (partition: number): string => `part-${String(partition).padStart(5, "0")}`;
const listName = (partition: number): string => `.${partName(partition)}.json`;

const makeDirectory = (path: string): void => {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw diskError(cause, path, 0);
  }
};

interface PartBlock {
  readonly offset: number;
  readonly bytes: number;
  readonly checksum: number;
  readonly numRows: number;
}

/** Writes one partition; it appears under its name when it is complete, so that attempts do not disturb each other. */
export async function writeCheckpointPart(
  directory: string,
  partition: number,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  compress = false,
): Promise<number> {
  makeDirectory(directory);
  const attempt = `.attempt-${randomUUID()}`;
  const writer = new BlockFileWriter(join(directory, attempt));
  const blocks: PartBlock[] = [];
  let rows = 0;
  try {
    for await (const batch of batches) {
      if (batch.numRows === 0) continue;
      const { offset, bytes, checksum } = writer.write(batch, { compress });
      blocks.push({ offset, bytes, checksum, numRows: batch.numRows });
      rows += batch.numRows;
    }
    writer.close();
    writeFileSync(join(directory, `${attempt}.json`), JSON.stringify(blocks));
    renameSync(join(directory, `${attempt}.json`), join(directory, listName(partition)));
    renameSync(join(directory, attempt), join(directory, partName(partition)));
  } catch (cause) {
    writer.remove();
    rmSync(join(directory, `${attempt}.json`), { force: true });
    throw cause instanceof SparkException ? cause : diskError(cause, directory, writer.bytes);
  }
  return rows;
}

/** Batches of a checkpointed partition, one in memory at a time. */
export function* readCheckpointPart(directory: string, partition: number): Generator<Batch> {
  for (const { file } of checkpointBlocks(directory, partition)) yield readBlockFile(file);
}

/** The blocks of a checkpointed partition, in order. */
export function checkpointBlocks(directory: string, partition: number): { file: BlockFile; numRows: number }[] {
  const path = join(directory, partName(partition));
  let blocks: PartBlock[];
  try {
    blocks = JSON.parse(readFileSync(join(directory, listName(partition)), "utf8")) as PartBlock[];
  } catch (cause) {
    throw new SparkException(
      `Checkpoint block ${path} not found! Its data cannot be computed again: lineage was cut.`,
      {
        condition: "CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND",
        parameters: { rddBlockId: path },
        cause,
      },
    );
  }
  return blocks.map(({ numRows, offset, bytes, checksum }) => ({
    file: { path, offset, bytes, checksum, memoryBytes: bytes, kernels: false },
    numRows,
  }));
}
