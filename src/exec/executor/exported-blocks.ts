import { rmSync } from "node:fs";
import { join } from "node:path";
import { BlockFileWriter, fromBlock, isStream } from "../../columnar/index.js";
import {
  type BlockOrigin,
  blockBytes,
  type FileBlock,
  readDirectory,
  type ResidentBlock,
  STATIC_BYTES,
} from "../../memory/index.js";
import { makeSpillDirectory, type SpillDirectory } from "../../storage/index.js";

/** Blocks of one executor process that it has written to files, so that others can read them. */
export class ExportedBlocks {
  private readonly files = new Map<string, FileBlock>();

  constructor(private readonly directory: SpillDirectory) {}

  /** The file of a resident block: its rows as Arrow IPC, or a trainer's layout as the image of its memory. */
  write(id: string, block: ResidentBlock, origin: BlockOrigin | undefined): FileBlock {
    const known = this.files.get(id);
    if (known) return known;
    makeSpillDirectory(this.directory.path);
    const writer = new BlockFileWriter(join(this.directory.path, `block-${id}`));
    const options = {
      kernels: block.memory !== undefined,
      memoryBytes: blockBytes(block),
      ...(origin ? { origin } : {}),
    };
    try {
      const file =
        !block.memory && isStream(block.buffer)
          ? writer.writeBytes(new Uint8Array(block.buffer), options)
          : holdsColumns(block)
            ? writer.write(fromBlock(block), options)
            : writer.writeBytes(new Uint8Array(block.buffer, block.memory ? STATIC_BYTES : 0), options);
      this.files.set(id, { file });
      return { file };
    } catch (error) {
      writer.remove();
      throw error;
    } finally {
      writer.close();
    }
  }

  release(blocks: readonly string[]): void {
    for (const id of blocks) {
      const written = this.files.get(id);
      if (written) rmSync(written.file.path, { force: true });
      this.files.delete(id);
    }
  }
}

const holdsColumns = (block: ResidentBlock): boolean =>
  Array.isArray((readDirectory(block) as { columns?: unknown } | undefined)?.columns);
