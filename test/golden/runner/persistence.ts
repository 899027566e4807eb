import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Kindling, StageLike } from "./api.js";

/** Saves a stage, loads it with the class's own loader, hands it to `use` and removes the files. */
export async function throughDisk(
  k: Kindling,
  stage: StageLike,
  use: (loaded: StageLike) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "kindling-golden-"));
  try {
    const path = join(folder, stage.constructor.name);
    await stage.save(path);
    await use((await k.classOf(stage.constructor.name).load(path)) as StageLike);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
