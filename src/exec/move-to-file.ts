import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { BlockFileWriter, fromBlock, isStream, slice, type Batch } from "../columnar/index.js";
import { blockBytes, isResident, type StoredBlock } from "../memory/index.js";
import { makeSpillDirectory } from "../storage/index.js";

/** Bytes of one block in a file, about: what a scan holds of it at a time. */
const PIECE_BYTES = 8 * 2 ** 20;

/**
 * Writes resident blocks to one new file, in pieces of a few megabytes, and lets other work in between; blocks that lie in
 * files stay as they are. With `whole` every block stays in one piece. What was written is deleted when it cannot be completed.
 */
export async function moveToFile(
  blocks: readonly StoredBlock[],
  directory: string,
  name: string,
  whole = false,
): Promise<{ blocks: StoredBlock[]; bytes: number }> {
  makeSpillDirectory(directory);
  const writer = new BlockFileWriter(join(directory, name));
  const moved: StoredBlock[] = [];
  let bytes = 0;
  try {
    for (const stored of blocks) {
      const { block, numRows } = stored;
      if (!isResident(block)) {
        moved.push(stored);
        continue;
      }
      if (!block.memory && isStream(block.buffer)) {
        const file = writer.writeBytes(new Uint8Array(block.buffer), { memoryBytes: blockBytes(block) });
        moved.push({ block: { file }, numRows });
        bytes += file.bytes;
        continue;
      }
      const kernels = block.memory !== undefined;
      const batch = fromBlock(block);
      for (const piece of whole ? [batch] : pieces(batch, blockBytes(block))) {
        const file = writer.write(piece, { kernels });
        moved.push({ block: { file }, numRows: piece.numRows });
        bytes += file.bytes;
        await nextTurn();
      }
    }
    writer.close();
    return { blocks: moved, bytes };
  } catch (error) {
    writer.remove();
    throw error;
  }
}

/** Stretches of rows of a few megabytes; each begins at a multiple of 8, so that bitmaps are not copied. */
export function* pieces(batch: Batch, bytes: number): Generator<Batch> {
  const count = Math.max(1, Math.ceil(bytes / PIECE_BYTES));
  const rows = Math.max(8, Math.ceil(batch.numRows / count / 8) * 8);
  for (let start = 0; start < batch.numRows; start += rows) {
    const end = Math.min(batch.numRows, start + rows);
    yield { numRows: end - start, columns: batch.columns.map((column) => slice(column, start, end)) };
  }
}
